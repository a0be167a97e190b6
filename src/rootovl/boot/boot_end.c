// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/boot/boot_end.h"

#include "src/common/clock.h"
#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/boot/failed_boots.h"
#include "src/rootovl/boot/report_send.h"
#include "src/rootovl/machine/manager.h"
#include "src/rootovl/machine/wait_child.h"
#include "src/rootovl/report/report_files.h"
#include "src/rootovl/settings/paths.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/random.h>
#include <sys/reboot.h>
#include <time.h>

#define GIVE_UP_S 20 /* after this time without systemd's reboot, the kernel reboots */
#define SYNC_MS	  3000
#define TELL_S	  10 /* between two lines with the time that is left */

void boot_save_report(const struct report *report)
{
	auto_failure struct failure f = { 0 };

	file_make_dirs(RUN_DIR);
	if (report_files_write(report, AT_FDCWD, RUN_DIR "/report", 0644, &f) < 0)
		log_line(LOG_WARNING, "the report is not kept: %s", f.what);
}

void boot_end_take_report(struct report *report)
{
	auto_failure struct failure f = { 0 };
	json_t *json;

	if (report_load(RUN_REPORT, &json, &f) < 0) {
		log_line(LOG_WARNING, "the report is lost: %s", f.what);
		return;
	}
	json_decref(report->json);
	report->json = json;
}

/*
 * Logs the failure in one line on the console and in the journal, with the action of
 * rootovl.onfail=.
 */
static void say_failed(const struct report *report, const struct failure *f, enum onfail onfail)
{
	const char *step = json_string_value(
		json_object_get(json_object_get(report->json, "failure"), "step"));
	auto_free char *text = log_failure_text(f);
	static const char *const next[] = {
		[ONFAIL_SHELL] = "",
		[ONFAIL_REBOOT] = ", rebooting",
		[ONFAIL_POWEROFF] = ", powering off",
	};

	log_console(LOG_ERR, "failed%s: %s: %s", next[onfail], step, text);
}

static void wait_before_reboot(unsigned failed)
{
	unsigned chance = 0, left;
	auto_free char *boots = failed ? xasprintf("; failed boots in a row: %u", failed) : NULL;
	sigset_t stop;
	char at[16] = "";
	struct tm tm;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	(void)!getrandom(&chance, sizeof(chance), GRND_NONBLOCK);
	left = failed_boots_delay_s(failed, chance);
	for (;;) {
		unsigned slice = left < TELL_S ? left : TELL_S;
		struct timespec rest = { .tv_sec = slice };
		time_t end = time(NULL) + left;

		if (gmtime_r(&end, &tm))
			strftime(at, sizeof(at), "%H:%M:%S", &tm);
		log_console(LOG_NOTICE, "rebooting in %u s, at %s UTC%s", left, at,
			    boots ? boots : "");
		/* SIGTERM, from a stop of the service, ends the wait. The reboot still happens. */
		if (sigtimedwait(&stop, NULL, &rest) == SIGTERM)
			left = slice;
		left -= slice;
		if (!left)
			return;
	}
}

/*
 * Ends the machine through systemd, which stops everything in order. If systemd does not do it in
 * time, calls reboot(2).
 */
static void end_machine(enum onfail onfail)
{
	const char *verb = onfail == ONFAIL_REBOOT ? "reboot" : "poweroff";
	pid_t child = manager_runs() ? fork() : -1;

	if (child == 0) {
		sigset_t none;

		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		execlp("systemctl", "systemctl", "--force", verb, (char *)NULL);
		_exit(127);
	}
	if (child > 0) {
		wait_child(child, GIVE_UP_S * 1000, NULL);
		/* systemd mostly ends the process during this sleep by SIGKILL. */
		sleep(GIVE_UP_S);
	}
	sync_within(SYNC_MS);
	reboot(onfail == ONFAIL_REBOOT ? RB_AUTOBOOT : RB_POWER_OFF);
}

void boot_end_failed(const struct settings *settings, enum onfail onfail, struct report *report,
		     const struct failure *f)
{
	sigset_t all;
	unsigned failed;

	report_end(report, clock_ms(), f);
	boot_save_report(report);
	failed = failed_boots_keep(settings, report);
	say_failed(report, f, onfail);
	report_send(settings->report, true);
	if (onfail == ONFAIL_SHELL)
		return;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	if (onfail == ONFAIL_REBOOT)
		wait_before_reboot(failed);
	end_machine(onfail);
}
