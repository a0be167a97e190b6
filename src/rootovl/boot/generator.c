// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * `rootovl generator`, a generator of systemd (systemd.generator(7)): where the root is ours,
 * systemd's own mount of what root= names, which a device of this machine gets, must do nothing, or
 * come first where it is to be the lower.
 */
#include "src/rootovl/boot/generator.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/machine/command_line.h"
#include "src/rootovl/machine/leave.h"
#include "src/rootovl/settings/settings.h"

#include <string.h>

/*
 * A unit that starts successfully and mounts nothing. A masked unit would make the units that
 * require it fail.
 */
static const char sysroot_mount[] = "# made by rootovl, which mounts the root itself\n"
				    "[Unit]\n"
				    "Description=Left to rootovl.service\n"
				    "DefaultDependencies=no\n"
				    "ConditionPathExists=!/\n"
				    "[Mount]\n"
				    "What=rootovl\n"
				    "Where=/sysroot\n";

static const char after_sysroot[] = "# made by rootovl: the lower is what is mounted there\n"
				    "[Unit]\n"
				    "Wants=sysroot.mount\n"
				    "After=sysroot.mount\n";

/* systemd would start its emergency shell itself, and stop rootovl.service before it begins. */
static const char on_failure[] = "# made by rootovl, which says what failed and does what "
				 "rootovl.onfail= asks for\n"
				 "[Unit]\n"
				 "OnFailure=rootovl-unmounted.service\n";

static void read_settings(struct settings *settings)
{
	auto_failure struct failure f = { 0 };
	struct cmdline cmdline = { 0 };

	/* `rootovl boot` reports the other errors in the command line. */
	(void)command_line_read(&cmdline, &f);
	(void)settings_read(settings, &cmdline, &f);
	cmdline_done(&cmdline);
}

static int leave(const char *dir, const char *folder, const char *name, const char *text)
{
	auto_free char *at = xasprintf("%s/%s", dir, folder);
	int r = leave_file(at, name, text);

	if (r < 0)
		log_line(LOG_ERR, "rootovl: %s/%s: %s", at, name, strerror(-r));
	return r;
}

static int run(const struct command_line *line)
{
	char *const *dirs = line->operands; /* NORMAL EARLY LATE */
	struct settings settings = { 0 };
	int r = 0;

	read_settings(&settings);
	if (settings.root.kind == ROOT_MOUNTED) {
		r = leave(dirs[0], "rootovl.service.d", "mounted.conf", after_sysroot);
		if (r == 0)
			r = leave(dirs[0], "sysroot.mount.d", "rootovl.conf", on_failure);
	} else if (settings.enabled) {
		r = leave(dirs[1], "", "sysroot.mount", sysroot_mount);
	}
	settings_done(&settings);
	return r < 0 ? 1 : 0;
}

const struct command command_generator = {
	.name = "generator",
	.meaning = "for systemd: leave /sysroot to us, or mount it before",
	.synopsis = "NORMAL EARLY LATE",
	.about = "For systemd alone, see systemd.generator(7): where rootovl is switched on, "
		 "systemd mounts nothing on /sysroot itself, or, with rootovl.lower=mounted, "
		 "before rootovl.service.",
	.operands = (const struct command_operand[]){ { "NORMAL", .kind = COMMAND_DIR },
						      { "EARLY", .kind = COMMAND_DIR },
						      { "LATE", .kind = COMMAND_DIR },
						      { 0 } },
	.exits = "Exit status: 0 done, 1 failed, 2 wrong usage.",
	.run = run,
};
