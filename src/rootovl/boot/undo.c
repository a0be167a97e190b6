// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/boot/undo.h"

#include "src/common/clock.h"
#include "src/common/mem.h"
#include "src/rootovl/boot/boot_end.h"
#include "src/rootovl/lower/nbd_root.h"
#include "src/rootovl/lower/verity_root.h"
#include "src/rootovl/machine/command_line.h"
#include "src/rootovl/machine/unmount.h"
#include "src/rootovl/settings/paths.h"

#include <errno.h>
#include <libmount/libmount.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_ours(struct libmnt_fs *fs)
{
	const char *target = mnt_fs_get_target(fs), *options = mnt_fs_get_fs_options(fs);

	if (!target)
		return false;
	if (!strncmp(target, RUN_DIR "/", strlen(RUN_DIR "/")))
		return true;
	/* Another overlay on /sysroot is not ours. */
	return mnt_fs_match_fstype(fs, "overlay") && options &&
	       strstr(options, "lowerdir=" RUN_LOWER ",");
}

static void unmount_ours(void)
{
	struct libmnt_table *table = mnt_new_table_from_file("/proc/self/mountinfo");
	struct libmnt_iter *iter = mnt_new_iter(MNT_ITER_BACKWARD);
	struct libmnt_fs *fs;

	/* Unmount in reverse order: a mount on top of another goes first. */
	while (table && iter && mnt_table_next_fs(table, iter, &fs) == 0)
		if (is_ours(fs))
			unmount_quickly(mnt_fs_get_target(fs));
	mnt_free_iter(iter);
	mnt_unref_table(table);
}

void undo_boot(void)
{
	static const char *const places[] = { RUN_SHARE, RUN_IMAGE, RUN_UPPER, RUN_DISK,
					      RUN_LOWER };

	unmount_ours();
	verity_root_drop();
	/*
	 * Disconnect the device: no process reconnects it now, and a process that still asks the
	 * server would wait for it.
	 */
	nbd_root_drop();
	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		rmdir(places[i]);
}

/* Runs as ExecStopPost= of rootovl.service; systemd.exec(5) describes the variable. */
static int run_undo(const struct command_line *line)
{
	const char *result = getenv("SERVICE_RESULT");
	auto_failure struct failure f = { 0 }, unread = { 0 };
	struct cmdline cmdline = { 0 };
	struct settings settings = { 0 };
	struct report *report;

	(void)line;
	/* "exit-code": the boot ended by itself, and has reported and undone everything. */
	if (!result || !strcmp(result, "success") || !strcmp(result, "exit-code"))
		return 0;
	undo_boot();
	report = report_new(clock_ms());
	fail(&f, ECHILD, "see the journal, and the kernel's log", "rootovl was killed (%s)",
	     result);
	boot_end_take_report(report);
	(void)command_line_read(&cmdline, &unread);
	(void)settings_read(&settings, &cmdline, &unread);
	if (!settings.report)
		settings.report = settings_report(&cmdline);
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
