// SPDX-License-Identifier: GPL-2.0-or-later
#include "rootfs.h"

#include "common/files.h"
#include "common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <sys/syscall.h>

int rootfs_open(const char *path, struct rootfs *ret, struct failure *f)
{
	int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return fail_errno(f, errno, "is it the directory of a root file system?", "%s",
				  path);
	*ret = (struct rootfs){ .fd = fd, .path = xstrdup(path) };
	return 0;
}

void rootfs_close(struct rootfs *root)
{
	if (root->path)
		close(root->fd);
	free(root->path);
	*root = (struct rootfs){ .fd = -1 };
}

int rootfs_openat(const struct rootfs *root, const char *path, int flags)
{
	struct open_how how = {
		.flags = (unsigned)(flags | O_CLOEXEC),
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	long fd = syscall(SYS_openat2, root->fd, path, &how, sizeof(how));

	return fd < 0 ? -errno : (int)fd;
}

int rootfs_locate(const struct rootfs *root, const char *path, char **ret)
{
	auto_close int fd = rootfs_openat(root, path, O_PATH);
	auto_free char *link = NULL, *place = NULL;
	ssize_t n;

	if (fd < 0)
		return fd;
	link = xasprintf("/proc/self/fd/%d", fd);
	place = xcalloc(1, PATH_MAX + 1);
	n = readlink(link, place, PATH_MAX);
	if (n < 0)
		return -errno;
	place[n] = '\0';
	*ret = STEAL(place);
	return 0;
}

int rootfs_read(const struct rootfs *root, const char *path, size_t max, char **ret)
{
	auto_close int fd = rootfs_openat(root, path, O_RDONLY | O_NONBLOCK);
	auto_free char *link = NULL;

	if (fd < 0)
		return fd;
	link = xasprintf("/proc/self/fd/%d", fd);
	return file_read(AT_FDCWD, link, max, ret);
}
