// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/root/rootfs.h"

#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/rootovl/newroot/newroot.h"
#include "src/rootovl/newroot/rootdir_resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
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

int rootfs_open_below(int dir_fd, const char *below, const char *shown, struct rootfs *ret,
		      struct failure *f)
{
	auto_strv char **steps = strv_split(below, "/");
	auto_close int fd = -1;

	/* O_NOFOLLOW minds the last step only, so each step is one. None goes up. */
	for (char **step = steps; step && *step; step++) {
		int next = openat(fd < 0 ? dir_fd : fd, *step,
				  O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

		if (next < 0 || strcmp(*step, "..") == 0) {
			int code = next < 0 ? errno : EINVAL;

			macro_close(&next);
			return fail_errno(f, code, "a link is not followed", "%s", shown);
		}
		macro_close(&fd);
		fd = next;
	}
	*ret = (struct rootfs){ .fd = steal_fd(&fd), .path = xstrdup(shown) };
	return 0;
}

void rootfs_close(struct rootfs *root)
{
	if (root->path)
		close(root->fd);
	free(root->path);
	*root = (struct rootfs){ .fd = -1 };
}

/* Does what openat2(2) does, component by component. */
static int open_by_hand(const struct rootfs *root, const char *path, int flags)
{
	auto_failure struct failure unsaid = { 0 };
	struct newroot *tree = NULL;
	struct rootdir *dir = NULL;
	char name[NAME_MAX + 1];
	int fd, r = newroot_open(root->fd, &tree, &unsaid);

	if (r == 0)
		r = rootdir_resolve(tree->root, path, !(flags & O_NOFOLLOW), &dir, name);
	if (r == 0) {
		fd = openat(dir->lower, *name ? name : ".", flags | O_NOFOLLOW | O_CLOEXEC);
		r = fd < 0 ? -errno : fd;
	}
	rootdir_put(dir);
	newroot_close(tree);
	return r;
}

int rootfs_openat(const struct rootfs *root, const char *path, int flags)
{
	struct open_how how = {
		.flags = (unsigned)(flags | O_CLOEXEC),
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	long fd = syscall(SYS_openat2, root->fd, path, &how, sizeof(how));

	/* Linux before 5.6 does not have it. */
	if (fd < 0 && errno == ENOSYS)
		return open_by_hand(root, path, flags);
	return fd < 0 ? -errno : (int)fd;
}

int rootfs_place(int fd, char **ret)
{
	auto_free char *link = xasprintf("/proc/self/fd/%d", fd);

	return file_readlink(AT_FDCWD, link, ret);
}

int rootfs_reopen(int fd)
{
	auto_free char *link = xasprintf("/proc/self/fd/%d", fd);
	struct stat st;
	int r;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	r = open(link, O_RDONLY | O_CLOEXEC);
	return r < 0 ? -errno : r;
}

int rootfs_open_within(const struct rootfs *root, const char *path, const char *top)
{
	auto_close int fd = rootfs_openat(root, path, O_PATH);
	auto_close int top_fd = rootfs_openat(root, top, O_PATH | O_DIRECTORY);
	auto_free char *place = NULL, *above = NULL;
	int r = fd < 0 ? fd : top_fd < 0 ? top_fd : rootfs_place(fd, &place);

	if (r == 0)
		r = rootfs_place(top_fd, &above);
	if (r < 0)
		return r;
	if (strncmp(place, above, strlen(above)) != 0 || place[strlen(above)] != '/')
		return -EXDEV;
	return rootfs_reopen(fd);
}

int rootfs_read(const struct rootfs *root, const char *path, size_t max, char **ret)
{
	auto_close int fd = rootfs_openat(root, path, O_PATH);
	auto_close int file = fd < 0 ? fd : rootfs_reopen(fd);
	auto_free char *text = NULL;
	size_t len;
	int r = file < 0 ? file : file_read_fd(file, max, &text, &len);

	if (r < 0)
		return r;
	if (strlen(text) != len)
		return -EILSEQ;
	*ret = STEAL(text);
	return 0;
}
