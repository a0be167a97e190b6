// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/configure/least_clock.h"

#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/settings/least_time.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>

#define IMAGE	 "/etc/initrd-release"
#define DAY	 86400
#define DATE_LEN 32

/* An image that is made reproducibly has files of 1970. */
static int64_t built(void)
{
	struct utsname uts;
	struct stat st;
	int64_t times[2] = { 0, 0 };
	size_t best;

	if (uname(&uts) == 0)
		times[0] = least_time_of_kernel(uts.version);
	if (stat(IMAGE, &st) == 0)
		times[1] = st.st_mtime;
	best = least_time_choose(times, ARRAY_SIZE(times), 0);
	return best < ARRAY_SIZE(times) ? times[best] : 0;
}

/* Only in an initramfs: the clock of a machine in use is its owner's. */
static void set_forward(struct least_clock *clock, int64_t least)
{
	const struct timespec to = { .tv_sec = least };
	int64_t now = time(NULL);

	if (now >= least || access(IMAGE, F_OK) < 0)
		return;
	if (clock_settime(CLOCK_REALTIME, &to) < 0)
		log_line(LOG_WARNING, "the clock: %s", strerror(errno));
	else if (!clock->was)
		clock->was = now;
}

void least_clock_of_image(struct least_clock *clock)
{
	*clock = (struct least_clock){ 0 };
	set_forward(clock, built());
}

static void date_text(char to[DATE_LEN], int64_t seconds)
{
	time_t t = seconds;
	struct tm date;

	if (!gmtime_r(&t, &date) || !strftime(to, DATE_LEN, "%Y-%m-%d %H:%M:%S UTC", &date))
		snprintf(to, DATE_LEN, "?");
}

static void tell(const struct least_clock *clock, const char *of, struct report *report)
{
	int64_t now = time(NULL);
	char was[DATE_LEN], is[DATE_LEN];
	auto_free char *text = NULL;

	date_text(was, clock->was);
	date_text(is, now);
	report_set(report, "clock", "was", was);
	report_set(report, "clock", "set_to", is);
	report_set(report, "clock", "of", of);
	if (now - clock->was < DAY)
		return;
	text = xasprintf("the clock said %s and was set to %s, the time of %s: is its battery "
			 "dead?",
			 was, is, of);
	log_line(LOG_WARNING, "%s", text);
	report_add(report, "warnings", text);
}

void least_clock_of_root(struct least_clock *clock, struct newroot *nr, struct report *report)
{
	/* What changes with every package that is installed. */
	static const char *const paths[] = { "/",
					     "/etc",
					     "/usr",
					     "/usr/lib/os-release",
					     "/etc/ld.so.cache",
					     "/var/lib/dpkg/status",
					     "/var/lib/rpm" };
	int64_t times[ARRAY_SIZE(paths)];
	auto_free char *of = xstrdup("the image");
	size_t best;

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		struct stat st;

		times[i] = newroot_stat(nr, paths[i], true, &st) == 0 ? st.st_mtime : 0;
	}
	best = least_time_choose(times, ARRAY_SIZE(paths), built());
	/* A clock that is not behind the image may be right: one odd file does not move it. */
	if (!clock->was && best < ARRAY_SIZE(paths)) {
		times[best] = 0;
		best = least_time_choose(times, ARRAY_SIZE(paths), built());
	}
	if (best < ARRAY_SIZE(paths) && times[best] > time(NULL)) {
		set_text(&of, xasprintf("%s in the root", paths[best]));
		set_forward(clock, times[best]);
	}
	if (clock->was)
		tell(clock, of, report);
}
