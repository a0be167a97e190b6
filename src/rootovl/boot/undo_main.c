// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/boot/undo_main.h"

#include "src/common/clock.h"
#include "src/rootovl/boot/boot_end.h"
#include "src/rootovl/boot/undo.h"
#include "src/rootovl/machine/command_line.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* As rootovl.service's ExecStopPost=; the variable is in systemd.exec(5). */
static int run_undo(const struct command_line *line)
{
	const char *result = getenv("SERVICE_RESULT");
	auto_failure struct failure f = { 0 }, unread = { 0 };
	struct cmdline cmdline = { 0 };
	struct settings settings = { 0 };
	struct report *report;

	(void)line;
	/* "exit-code": it ended by itself, and has said and done all. */
	if (!result || !strcmp(result, "success") || !strcmp(result, "exit-code"))
		return 0;
	undo_boot();
	report = report_new(clock_ms());
	fail(&f, ECHILD, "see the journal, and the kernel's log", "rootovl was killed (%s)",
	     result);
	boot_end_take_report(report);
	(void)command_line_read(&cmdline, &unread);
	(void)settings_read(&settings, &cmdline, &unread);
	boot_end_failed(&settings, settings_onfail(&cmdline), report, &f);
	settings_done(&settings);
	report_free(report);
	cmdline_done(&cmdline);
	return 0;
}

const struct command command_undo = {
	.name = "undo",
	.meaning = "for rootovl.service: clean up after a boot that was killed",
	.synopsis = "",
	.about = "For rootovl.service alone: does what `rootovl boot` left undone where it was "
		 "killed.",
	.exits = "Exit status: 0 done, 2 wrong usage.",
	.run = run_undo,
};
