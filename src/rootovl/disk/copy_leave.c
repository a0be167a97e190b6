// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/disk/copy_leave.h"

#include "src/common/mem.h"
#include "src/rootovl/machine/leave.h"
#include "src/rootovl/settings/paths.h"

/*
 * It runs after everything else of the boot, the service of a job too. Its failure is ignored: a
 * job must not find its machine degraded because there is no copy. Where memory is short, it is
 * killed before the job.
 */
static const char unit[] = "# made by rootovl in the initramfs\n"
			   "[Unit]\n"
			   "Description=Copy the root to the local disk\n"
			   "After=multi-user.target\n"
			   "[Service]\n"
			   "Type=exec\n"
			   "ExecStart=-" RUN_PROGRAM " cache-fill\n"
			   "WorkingDirectory=" RUN_DIR "\n"
			   "Nice=19\n"
			   "CPUSchedulingPolicy=idle\n"
			   "IOSchedulingClass=idle\n"
			   "OOMScoreAdjust=1000\n"
			   "TimeoutStopSec=5\n";

int copy_leave(const char *key, const char *id, bool used)
{
	auto_free char *text = xasprintf("%s\n%s\n%s\n", key, id, used ? "used" : "wanted");
	int r = leave_file(RUN_DIR, CACHE_DIR, text);

	if (r == 0)
		r = leave_program();
	return r < 0 ? r : leave_unit("multi-user.target", "rootovl-cache.service", unit);
}
