// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mounts a lower from an image that is fetched over HTTP into memory. The program rootovl-fetch,
 * which only images of this kind have, writes it to its own tmpfs. Mounting then works as for other
 * images.
 */
#include "src/rootovl/lower/lower_live.h"

#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/common/meminfo.h"
#include "src/common/program.h"
#include "src/common/resolv_conf.h"
#include "src/rootovl/lower/lower_device.h"
#include "src/rootovl/machine/leave.h"
#include "src/rootovl/plan/plan.h"
#include "src/rootovl/report/report.h"
#include "src/rootovl/settings/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#define FETCH	  "/usr/lib/rootovl/rootovl-fetch"
#define FARM_CA	  "/etc/rootovl/ca.pem" /* from an initrd of the server farm */
#define PUBLIC_CA "/etc/ssl/certs/ca-certificates.crt"
#define IMAGE	  RUN_IMAGE "/root"
#define PART	  4 /* the image may use all free memory except 1/PART */

#define TICKS_NAMES 5 /* calls of program_wait() for each write of resolv.conf: about a second */

/* Holds the output of rootovl-fetch, which is read line by line; see its --help. */
struct hearing {
	int pipe;
	const char *name;
	bool waits; /* for a temporary error, for example an unknown host name */
	unsigned ticks;
	char text[8192];
	size_t len;
	int code; /* the first of the three lines of a failure; `lines` has the others */
	char *lines[2];
	size_t n;
};

/* "DONE SIZE TEXT" */
static void hear_progress(struct hearing *hearing, const char *line)
{
	uint64_t done, size;
	int behind = 0;

	if (sscanf(line, "%" SCNu64 " %" SCNu64 " %n", &done, &size, &behind) < 2 || !behind)
		return;
	hearing->waits = line[behind];
	if (line[behind])
		log_console(LOG_NOTICE, "waiting for %s: %s (%" PRIu64 " of %" PRIu64 " MiB)",
			    hearing->name, line + behind, done >> 20, size >> 20);
	else
		log_console(LOG_NOTICE, "fetching %s: %" PRIu64 " of %" PRIu64 " MiB",
			    hearing->name, done >> 20, size >> 20);
}

static void hear_line(struct hearing *hearing, const char *line)
{
	if (hearing->code && hearing->n < ARRAY_SIZE(hearing->lines))
		hearing->lines[hearing->n++] = xstrdup(line);
	else if (!hearing->code && sscanf(line, "failed %d", &hearing->code) != 1)
		hear_progress(hearing, line);
}

static void hear(void *arg)
{
	struct hearing *hearing = arg;
	char *end;
	ssize_t n;

	/* rootovl-fetch has no right to write the file itself. */
	if (hearing->waits && ++hearing->ticks % TICKS_NAMES == 0)
		resolv_conf_write();
	while ((n = read(hearing->pipe, hearing->text + hearing->len,
			 sizeof(hearing->text) - 1 - hearing->len)) > 0) {
		hearing->len += (size_t)n;
		while ((end = memchr(hearing->text, '\n', hearing->len))) {
			*end++ = '\0';
			hear_line(hearing, hearing->text);
			hearing->len -= (size_t)(end - hearing->text);
			memmove(hearing->text, end, hearing->len);
		}
		/* rootovl-fetch prints no line of this length. */
		if (hearing->len == sizeof(hearing->text) - 1)
			hearing->len = 0;
	}
}

static int fail_fetch(const struct hearing *hearing, int status, struct failure *f)
{
	if (hearing->code > 0 && hearing->n == ARRAY_SIZE(hearing->lines))
		return fail(f, hearing->code, *hearing->lines[1] ? hearing->lines[1] : NULL,
			    "%s: %s", hearing->name, hearing->lines[0]);
	return fail(f, EIO, "report this with the journal", "%s: " FETCH " ended with %d",
		    hearing->name, status);
}

/* Runs rootovl-fetch and reads all its output. Returns its exit status. */
static int run_fetch(const char *const argv[], const char *url, struct hearing *hearing,
		     struct failure *f)
{
	auto_free char *where = xasprintf("ROOTOVL_URL=%s", url);
	const char *const env[] = { where, NULL };
	const struct program_watch watch = { .tick = hear, .arg = hearing };
	struct program program = { .argv = argv, .env = env };
	int ends[2], r;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return fail_errno(f, errno, NULL, "%s", hearing->name);
	/* The end of the pipe that the program gets must block. */
	fcntl(ends[1], F_SETFL, 0);
	hearing->pipe = ends[0];
	program.output = ends[1];
	r = program_start(&program, &pid, f);
	close(ends[1]);
	if (r == 0)
		r = program_wait(pid, &watch, f);
	if (r >= 0)
		hear(hearing);
	close(ends[0]);
	return r;
}

static int fetch_image(struct boot *boot, const struct step_lower *lower, const char *name,
		       struct failure *f)
{
	auto_free char *patience = xasprintf("%u", boot->plan->settings.timeout);
	const char *ca = access(FARM_CA, F_OK) == 0 ? FARM_CA : PUBLIC_CA;
	const char *argv[10] = { FETCH, "--patience", patience, "--ca", ca };
	size_t n = 5;
	struct hearing hearing = { .name = name, .waits = true };
	int r;

	if (access(FETCH, X_OK) < 0)
		return fail(f, ENOENT,
			    "build it with `" REBUILD_WITH_LIVE "`, or dracut's --add "
			    "rootovl-live",
			    "%s: the initramfs has no " FETCH, name);
	if (lower->digest) {
		argv[n++] = "--digest";
		argv[n++] = lower->digest;
	}
	argv[n] = IMAGE;
	r = run_fetch(argv, lower->what, &hearing, f);
	if (r > 0)
		r = fail_fetch(&hearing, r, f);
	for (size_t i = 0; i < hearing.n; i++)
		free(hearing.lines[i]);
	return r;
}

/*
 * Writes a unit that keeps the tmpfs mounted at the shutdown. Otherwise systemd tries to unmount it
 * and logs an error, because the root is in it.
 */
static int leave_mounted(void)
{
	return leave_file(LEAVE_UNITS "/run-rootovl-image.mount.d", "rootovl.conf",
			  "[Unit]\nDefaultDependencies=no\n");
}

/* Mounts the tmpfs for the image. rootovl-fetch checks the size of the image against its limit. */
static int mount_room(struct failure *f)
{
	uint64_t room = meminfo_read("MemAvailable:") / PART * (PART - 1);
	auto_free char *options =
		xasprintf("mode=0700,nr_inodes=16,size=%" PRIu64, room ? room : 1 << 20);
	int r = file_make_dirs(RUN_IMAGE);

	if (r < 0)
		return fail_errno(f, -r, NULL, RUN_IMAGE);
	return mount("rootovl-image", RUN_IMAGE, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC,
		     options) < 0
		       ? fail_errno(f, errno, NULL, "tmpfs on " RUN_IMAGE)
		       : 0;
}

/* Mounts the image and unlinks its file. The loop device keeps the contents. */
static int mount_fetched(struct boot *boot, const struct step_lower *lower, const char *name,
			 struct failure *f)
{
	auto_close int file = open(IMAGE, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	int r;

	if (file < 0 || fstat(file, &st) < 0)
		return fail_errno(f, errno, NULL, "%s", name);
	r = lower_mount_image(file, lower, name, f);
	if (r < 0)
		return r;
	unlink(IMAGE);
	r = leave_mounted();
	if (r < 0)
		log_line(LOG_WARNING, RUN_IMAGE ": %s", strerror(-r));
	report_set_number(boot->report, "lower", "memory", (uint64_t)st.st_blocks * 512);
	return 0;
}

int lower_mount_live(struct boot *boot, const struct step_lower *lower, const char *name,
		     struct failure *f)
{
	int r = mount_room(f);

	if (r == 0)
		r = fetch_image(boot, lower, name, f);
	if (r == 0)
		r = mount_fetched(boot, lower, name, f);
	return r;
}
