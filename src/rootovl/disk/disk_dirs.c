// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/disk/disk_dirs.h"

#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#define MOST 100000

int disk_dirs_enter(int dir, const char *name)
{
	int fd;

	if (mkdirat(dir, name, 0700) < 0 && errno != EEXIST)
		return -errno;
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int disk_dirs_set_aside(int ours, int dir, const char *name, char **ret)
{
	auto_close int old = disk_dirs_enter(ours, "old");
	struct stat st;

	if (ret)
		*ret = NULL;
	if (old < 0)
		return old;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -errno;
	for (unsigned number = 0; number < MOST; number++) {
		auto_free char *aside = xasprintf("%u", number);

		if (renameat2(dir, name, old, aside, RENAME_NOREPLACE) == 0) {
			if (ret)
				*ret = STEAL(aside);
			return 0;
		}
		if (errno != EEXIST)
			return -errno;
	}
	return -EEXIST;
}
