// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * `rootovl generator`, a generator of systemd (systemd.generator(7)): where the root is ours,
 * systemd's own mount of what root= names, which a device of this machine gets, must do nothing.
 */
#include "boot.h"
#include "common/files.h"
#include "common/log.h"
#include "common/mem.h"

#include <fcntl.h>
#include <string.h>

/* A unit whose start succeeds and mounts nothing: one that is masked would fail who requires it. */
static const char sysroot_mount[] = "# made by rootovl, which mounts the root itself\n"
				    "[Unit]\n"
				    "Description=Left to rootovl.service\n"
				    "DefaultDependencies=no\n"
				    "ConditionPathExists=!/\n"
				    "[Mount]\n"
				    "What=rootovl\n"
				    "Where=/sysroot\n";

static bool switched_on(void)
{
	auto_failure struct failure f = { 0 };
	struct cmdline cmdline = { 0 };
	struct settings settings = { 0 };
	bool enabled = false;

	/* What else is wrong with the command line is for `rootovl boot` to say. */
	if (boot_read_cmdline(&cmdline, &f) == 0) {
		(void)settings_read(&settings, &cmdline, &f);
		enabled = settings.enabled;
	}
	settings_done(&settings);
	cmdline_done(&cmdline);
	return enabled;
}

static const char usage[] = "usage: rootovl generator NORMAL EARLY LATE\n"
			    "For systemd alone, see systemd.generator(7): where rootovl is "
			    "switched on, systemd mounts\n"
			    "nothing on /sysroot itself.\n"
			    "\n"
			    "Exit codes: 0 done, 1 failed, 2 wrong usage.\n";

int generator_main(int argc, char **argv)
{
	auto_free char *path = NULL;
	int r;

	if (argc != 4) {
		bool help = argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"));

		return fputs(usage, help ? stdout : stderr), help ? 0 : 2;
	}
	if (!switched_on())
		return 0;
	path = xasprintf("%s/sysroot.mount", argv[2]);
	r = file_write(AT_FDCWD, path, sysroot_mount, 0644);
	if (r < 0)
		log_line(LOG_ERR, "rootovl: %s: %s", path, strerror(-r));
	return r < 0 ? 1 : 0;
}
