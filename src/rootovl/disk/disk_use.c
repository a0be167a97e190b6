// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/disk/disk_use.h"

#include "src/common/files.h"
#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <libmount/libmount.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define SMALL_MAX 4096

static char *sysfs_path(dev_t number, const char *rest)
{
	return xasprintf("/sys/dev/block/%u:%u/%s", major(number), minor(number), rest);
}

bool disk_is_removable(dev_t number)
{
	auto_free char *own = sysfs_path(number, "removable");
	auto_free char *whole = sysfs_path(number, "../removable");
	auto_free char *text = NULL;

	if (file_read(AT_FDCWD, own, SMALL_MAX, &text) < 0 &&
	    file_read(AT_FDCWD, whole, SMALL_MAX, &text) < 0)
		return false;
	return *text == '1';
}

/*
 * Returns where the device is mounted; NULL if it is not. btrfs has other device numbers, so the
 * source path is compared too.
 */
static char *mounted_on(const char *device, dev_t number)
{
	struct libmnt_table *table = mnt_new_table();
	struct libmnt_fs *fs = NULL;
	char *target = NULL;

	if (table && mnt_table_parse_file(table, "/proc/self/mountinfo") == 0) {
		fs = mnt_table_find_devno(table, number, MNT_ITER_FORWARD);
		if (!fs)
			fs = mnt_table_find_source(table, device, MNT_ITER_FORWARD);
		if (fs)
			target = xstrdup(mnt_fs_get_target(fs));
	}
	mnt_unref_table(table);
	return target;
}

/* Returns the name of the volume or array that uses the device; NULL if there is none. */
static char *holder(dev_t number)
{
	auto_free char *pattern = sysfs_path(number, "holders/*");
	char *name = NULL;
	glob_t names;

	if (glob(pattern, 0, NULL, &names) != 0)
		return NULL;
	if (names.gl_pathc > 0)
		name = xstrdup(strrchr(names.gl_pathv[0], '/') + 1);
	globfree(&names);
	return name;
}

/* Says what uses this one device: "mounted on /home", with `name` as its name. */
static char *own_user(const char *name, const char *device, dev_t number)
{
	auto_free char *target = mounted_on(device, number);
	auto_free char *made = target ? NULL : holder(number);
	auto_close int fd = -1;

	if (target)
		return xasprintf("%s is mounted on %s", name, target);
	if (made)
		return xasprintf("%s is made of %s", made, name);
	fd = open(device, O_RDONLY | O_EXCL | O_CLOEXEC);
	return fd < 0 && errno == EBUSY ? xasprintf("something has %s open", name) : NULL;
}

char *disk_user(const char *device, dev_t number)
{
	auto_free char *pattern = sysfs_path(number, "*/partition");
	char *user = NULL;
	glob_t parts;

	/* Check the partitions first: they have the mount points. */
	if (glob(pattern, 0, NULL, &parts) == 0) {
		for (size_t i = 0; !user && i < parts.gl_pathc; i++) {
			auto_strv char **names = strv_split(parts.gl_pathv[i], "/");
			auto_free char *path = xasprintf("/dev/%s", names[strv_len(names) - 2]);
			struct stat st;

			if (stat(path, &st) == 0 && S_ISBLK(st.st_mode))
				user = own_user(path, path, st.st_rdev);
		}
		globfree(&parts);
	}
	return user ? user : own_user("it", device, number);
}
