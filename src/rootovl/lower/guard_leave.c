// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes the units of the guards for the booted system. */
#include "src/rootovl/lower/guard_leave.h"

#include "src/common/mem.h"
#include "src/rootovl/machine/leave.h"
#include "src/rootovl/settings/paths.h"

/*
 * The "@" in front of the process name protects the guard from the last SIGKILL of systemd
 * (https://systemd.io/ROOT_STORAGE_DAEMONS). Only SIGUSR1 tells the guard that the shutdown begins,
 * and no process waits for the guard to end. The default slice of template instances is stopped at
 * every shutdown, with all its instances, so the unit needs another slice.
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

/*
 * The layers stay mounted to the end, because the root uses them. umount(8) would hang if the
 * server is dead.
 */
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
