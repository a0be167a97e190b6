// SPDX-License-Identifier: GPL-2.0-or-later
/* `rootovl boot`: reads the command line, assembles the root, and ends a failed boot. */
#include "src/rootovl/boot/boot_main.h"

#include "src/common/clock.h"
#include "src/common/connect.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/boot/assemble.h"
#include "src/rootovl/boot/boot_end.h"
#include "src/rootovl/boot/report_send.h"
#include "src/rootovl/machine/command_line.h"
#include "src/rootovl/machine/networkd.h"
#include "src/rootovl/settings/root_mask.h"

#include <errno.h>
#include <unistd.h>

/* Returns whether rootovl is enabled, by the parameters that could be read. */
static bool is_switched_on(const struct cmdline *cmdline)
{
	auto_failure struct failure f = { 0 };
	struct settings settings = { 0 };
	bool on;

	(void)settings_read(&settings, cmdline, &f);
	on = settings.enabled;
	settings_done(&settings);
	return on;
}

/*
 * Reads the command line. An error counts only if rootovl is enabled: other machines must not fail
 * because of it.
 */
static int read_cmdline(struct cmdline *cmdline, struct failure *f)
{
	auto_free char *text = NULL;
	int r = command_line_read(cmdline, f);

	if (r == 0 || is_switched_on(cmdline))
		return r;
	text = log_failure_text(f);
	log_console(LOG_WARNING, "%s", text);
	failure_done(f);
	return 0;
}

/* Reports the command line without secrets. */
static void report_cmdline(struct report *report, const struct cmdline *cmdline)
{
	auto_free char *line = root_mask_words(cmdline);

	report_set(report, NULL, "cmdline", line);
}

/*
 * Returns whether dracut's scripts are there: version 059 has its hooks at the first path, version
 * 106 at the second.
 */
static bool has_dracut_scripts(void)
{
	return access("/usr/lib/dracut/hooks", F_OK) == 0 ||
	       access("/var/lib/dracut/hooks", F_OK) == 0;
}

static int boot_with(const struct cmdline *cmdline, struct settings *settings,
		     struct report *report, uint64_t start, struct failure *f)
{
	int r = settings_read(settings, cmdline, f);

	if (r == 0 && !settings->enabled && !has_dracut_scripts())
		log_console(LOG_WARNING, "not switched on, and nothing else in this image makes a "
					 "root: put rootovl on the kernel line");
	if (r < 0 || !settings->enabled)
		return r;
	return assemble_root(settings, report, start, f);
}

/* Adds to the failure that networkd has failed: without it, a check of the cable does not help. */
static void name_networkd(struct failure *f)
{
	if (connect_heals(f->code) && networkd_failed())
		fail(f, f->code, f->hint,
		     "%s; systemd-networkd has failed, see journalctl -u "
		     "systemd-networkd, or dmesg",
		     f->what);
}

static int run_boot(const struct command_line *line)
{
	auto_failure struct failure f = { 0 };
	struct cmdline cmdline = { 0 };
	struct settings settings = { 0 };
	uint64_t start = clock_ms();
	struct report *report;
	int r;

	(void)line;
	/*
	 * systemd uses the same test for an initramfs. On a running system this command would
	 * unmount the root.
	 */
	if (access("/etc/initrd-release", F_OK) < 0) {
		fail(&f, EINVAL, NULL,
		     "boot: this is not an initramfs (no /etc/initrd-release); `rootovl plan` "
		     "shows what would be done");
		return command_failed(&f);
	}
	report = report_new(start);
	r = read_cmdline(&cmdline, &f);
	report_cmdline(report, &cmdline);
	if (r == 0)
		r = boot_with(&cmdline, &settings, report, start, &f);
	if (r == 0 && settings.enabled)
		report_send(settings.report, false);
	if (r != 0) {
		/* The process that stopped the service decides what happens next. */
		bool stopped = f.code == ECANCELED;

		if (!stopped)
			name_networkd(&f);
		if (!settings.report)
			settings.report = settings_report(&cmdline);
		boot_end_failed(&settings, stopped ? ONFAIL_SHELL : settings_onfail(&cmdline),
				report, &f);
	}
	settings_done(&settings);
	report_free(report);
	cmdline_done(&cmdline);
	return r != 0 ? 1 : 0;
}

const struct command command_boot = {
	.name = "boot",
	.meaning = "assemble the root (in the initramfs)",
	.synopsis = "",
	.about = "Assembles the root on /sysroot as the kernel command line asks. Only in an "
		 "initramfs.",
	.exits = "Exit status: 0 the root is ready, or rootovl is not switched on; 1 failed; 2 "
		 "wrong usage.",
	.run = run_boot,
};
