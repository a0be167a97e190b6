// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/machine/unmount.h"

#include "src/common/mem.h"
#include "src/rootovl/lower/nbd.h"
#include "src/rootovl/machine/wait_child.h"
#include "src/rootovl/settings/paths.h"

#include <libmount/libmount.h>
#include <string.h>
#include <sys/mount.h>

#define LET_GO_MS 5000

void unmount_quickly(const char *path)
{
	pid_t child = fork();

	if (child == 0)
		_exit(umount2(path, MNT_FORCE | MNT_DETACH) < 0);
	if (child > 0)
		wait_child(child, LET_GO_MS, NULL);
}

static bool is_ours(struct libmnt_fs *fs)
{
	const char *target = mnt_fs_get_target(fs), *options = mnt_fs_get_fs_options(fs);

	if (!target)
		return false;
	if (!strncmp(target, RUN_DIR "/", strlen(RUN_DIR "/")))
		return true;
	/* Whatever else is on /sysroot is not. */
	return mnt_fs_match_fstype(fs, "overlay") && options &&
	       strstr(options, "lowerdir=" RUN_LOWER ",");
}

void unmount_ours(void)
{
	struct libmnt_table *table = mnt_new_table_from_file("/proc/self/mountinfo");
	struct libmnt_iter *iter = mnt_new_iter(MNT_ITER_BACKWARD);
	struct libmnt_fs *fs;

	/* The last first: what is mounted over another goes before it. */
	while (table && iter && mnt_table_next_fs(table, iter, &fs) == 0)
		if (is_ours(fs))
			unmount_quickly(mnt_fs_get_target(fs));
	mnt_free_iter(iter);
	mnt_unref_table(table);
	/* Who asks whether the server lives would go on asking a device that nobody connects again.
	 */
	nbd_keep_drop();
}
