// SPDX-License-Identifier: GPL-2.0-or-later
#include "shared.h"

#include "common/files.h"
#include "common/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#define DEPTH_MAX  500			 /* folders in folders: each takes a descriptor */
#define CAPABILITY "security.capability" /* xattr(7) */
#define OTHERS	   (S_IRWXG | S_IRWXO)

int shared_mode(const char *dir, mode_t *ret, struct failure *f)
{
	struct stat st;

	if (stat(dir, &st) < 0)
		return fail_errno(f, errno, NULL, "%s", dir);
	if (geteuid() != 0 && st.st_uid != geteuid())
		return fail(f, EPERM, "take a folder of your own",
			    "%s: it belongs to another user, who could run what the machine makes",
			    dir);
	*ret = st.st_mode & ALLPERMS;
	return 0;
}

int shared_close(const char *dir, mode_t mode, struct failure *f)
{
	return chmod(dir, mode & ~(mode_t)OTHERS) < 0 ? fail_errno(f, errno, NULL, "%s", dir) : 0;
}

static int clean_dir(int at, const char *name, dev_t device, int depth, int *changed);

/* fchmodat(2) follows links: this is none, and nobody puts one in its place any more. */
static int clean_file(int at, const char *name, mode_t mode, int *changed)
{
	auto_free char *path = xasprintf("/proc/self/fd/%d/%s", at, name);

	/* Looked for first: only root may remove it, and others' machines cannot make it. */
	if (lgetxattr(path, CAPABILITY, NULL, 0) >= 0) {
		(*changed)++;
		if (lremovexattr(path, CAPABILITY) < 0)
			return -errno;
	}
	if (!(mode & (S_ISUID | S_ISGID)))
		return 0;
	(*changed)++;
	return fchmodat(at, name, mode & (ACCESSPERMS | S_ISVTX), 0) < 0 ? -errno : 0;
}

static int clean_one(int at, const char *name, dev_t device, int depth, int *changed)
{
	struct stat st;

	if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return st.st_dev == device ? clean_dir(at, name, device, depth, changed) : 0;
	if (S_ISREG(st.st_mode))
		return clean_file(at, name, st.st_mode, changed);
	if (!S_ISCHR(st.st_mode) && !S_ISBLK(st.st_mode))
		return 0;
	(*changed)++;
	return unlinkat(at, name, 0) < 0 ? -errno : 0;
}

/* A folder that its own mode closes is opened for it by root's rights, or by its owner's. */
static int open_dir(int at, const char *name)
{
	int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(at, name, flags);

	if (fd < 0 && errno == EACCES && fchmodat(at, name, S_IRWXU, 0) == 0)
		fd = openat(at, name, flags);
	return fd < 0 ? -errno : fd;
}

static int clean_dir(int at, const char *name, dev_t device, int depth, int *changed)
{
	int fd = open_dir(at, name), r = 0;
	auto_dir DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (!dir)
		return fd < 0 ? fd : -errno;
	if (depth == DEPTH_MAX)
		return -ENAMETOOLONG;
	while (r == 0 && (errno = 0, entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			r = clean_one(fd, entry->d_name, device, depth + 1, changed);
	return r == 0 ? -errno : r;
}

int shared_open(const char *dir, mode_t mode)
{
	int changed = 0, r;
	struct stat st;

	if (stat(dir, &st) < 0)
		return -errno;
	r = clean_dir(AT_FDCWD, dir, st.st_dev, 0, &changed);
	if (r == 0 && chmod(dir, mode) < 0)
		r = -errno;
	return r < 0 ? r : changed;
}
