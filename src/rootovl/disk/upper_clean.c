// SPDX-License-Identifier: GPL-2.0-or-later
/* Removing the uppers of earlier boots: after the boot and not in its way, if there is room for it.
 */
#include "src/rootovl/disk/upper_clean.h"

#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/disk/disk_dirs.h"
#include "src/rootovl/machine/leave.h"
#include "src/rootovl/settings/paths.h"

#include <fcntl.h>
#include <unistd.h>

/* rm(1) of the booted root: every root has one, and it follows no links. */
static const char unit[] =
	"# made by rootovl in the initramfs\n"
	"[Unit]\n"
	"Description=Remove the writable layers of earlier boots\n"
	"After=multi-user.target\n"
	"[Service]\n"
	"Type=exec\n"
	"Nice=19\n"
	"IOSchedulingClass=idle\n"
	"ExecStart=-/bin/rm -rf --one-file-system -- " RUN_DISK "/" DISK_OLD "\n";

bool upper_clean_now(int disk, const char *device)
{
	static const char *const names[] = { "old", "fresh" };
	auto_close int ours = disk_dirs_enter(disk, DISK_OURS);
	bool removed = false;

	for (size_t i = 0; ours >= 0 && i < ARRAY_SIZE(names); i++) {
		auto_free char *path = xasprintf("/proc/self/fd/%d/%s", ours, names[i]);

		if (faccessat(ours, names[i], F_OK, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		log_console(LOG_NOTICE,
			    "%s is full: " DISK_OURS "/%s of earlier boots is removed now", device,
			    names[i]);
		file_remove_tree(path);
		removed = true;
	}
	return removed;
}

int upper_leave_cleaner(void)
{
	return leave_unit("multi-user.target", "rootovl-clean.service", unit);
}
