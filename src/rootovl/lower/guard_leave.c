// SPDX-License-Identifier: GPL-2.0-or-later
/* What the initramfs leaves of the guards. */
#include "src/rootovl/lower/guard_leave.h"

#include "src/common/mem.h"
#include "src/rootovl/machine/leave.h"
#include "src/rootovl/settings/paths.h"

/*
 * "@" in front of its own name: systemd's last round of signals passes it over
 * (https://systemd.io/ROOT_STORAGE_DAEMONS). Only SIGUSR1 means that the shutdown begins, and
 * nobody waits for the guard's end. The slice that instances get by themselves would be stopped at
 * every shutdown, and all of them with it.
 */
static const char unit[] = "# made by rootovl in the initramfs\n"
			   "[Unit]\n"
			   "Description=Sees that no dead server holds up the %i\n"
			   "DefaultDependencies=no\n"
			   "Conflicts=%i.target\n"
			   "IgnoreOnIsolate=yes\n"
			   "RefuseManualStop=yes\n"
			   "[Service]\n"
			   "Slice=system.slice\n"
			   "ExecStart=@" RUN_PROGRAM " @rootovl-guard guard %i\n"
			   "WorkingDirectory=" RUN_DIR "\n"
			   "CapabilityBoundingSet=CAP_SYS_BOOT CAP_IPC_LOCK\n"
			   "OOMScoreAdjust=-1000\n"
			   "KillSignal=SIGUSR1\n"
			   "SendSIGKILL=no\n"
			   "TimeoutStopSec=infinity\n";

/* The layers stay mounted to the end, for the root does: umount(8) would hang on a dead server. */
static const char mount_unit[] = "# made by rootovl in the initramfs\n"
				 "[Unit]\n"
				 "DefaultDependencies=no\n";

int guard_leave(void)
{
	static const char *const kinds[] = { "reboot", "poweroff", "halt", "kexec" };
	static const char *const mounts[] = { "lower", "upper", "disk", "disk-rootovl-cache" };
	int r = leave_program();

	if (r == 0)
		r = leave_file(LEAVE_UNITS, "rootovl-guard@.service", unit);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(mounts); i++) {
		auto_free char *dir = xasprintf(LEAVE_UNITS "/run-rootovl-%s.mount.d", mounts[i]);

		r = leave_file(dir, "rootovl.conf", mount_unit);
	}
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(kinds); i++) {
		auto_free char *name = xasprintf("rootovl-guard@%s.service", kinds[i]);

		r = leave_wanted("sysinit.target", "rootovl-guard@.service", name);
	}
	return r;
}
