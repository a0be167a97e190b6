// SPDX-License-Identifier: GPL-2.0-or-later
/* What the initramfs leaves of the service that makes copies. */
#include "src/rootovl/disk/copy.h"

#include "src/common/mem.h"
#include "src/rootovl/machine/leave.h"
#include "src/rootovl/settings/paths.h"

/*
 * Behind all that a boot does, and a job's service with it. Nobody's failure: a job must not find
 * its machine degraded for the want of a copy. Before the job loses its memory this loses it.
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

int cache_leave_filler(const char *key, bool used)
{
	auto_free char *text = xasprintf("%s\n%s\n", key, used ? "used" : "wanted");
	int r = leave_file(RUN_DIR, CACHE_DIR, text);

	if (r == 0)
		r = leave_program();
	return r < 0 ? r : leave_unit("multi-user.target", "rootovl-cache.service", unit);
}
