// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/shared.h"

#include "src/common/mem.h"

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
	/* For root too: the folder's owner gets in, and finds there what root of the machine made.
	 */
	if (st.st_uid != geteuid())
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

/*
 * Everything is done to what a descriptor (O_PATH) stands for: a name may be another thing's a
 * moment later, for a process of before may still be in the folder.
 */
static char *place_of(int object)
{
	return xasprintf("/proc/self/fd/%d", object);
}

static int clean_dir(int fd, dev_t device, int depth, int *changed);

static int clean_file(int object, mode_t mode, int *changed)
{
	auto_free char *place = place_of(object);

	/* Looked for first: only root may remove it, and others' machines cannot make it. */
	if (getxattr(place, CAPABILITY, NULL, 0) >= 0) {
		(*changed)++;
		if (removexattr(place, CAPABILITY) < 0)
			return -errno;
	}
	if (!(mode & (S_ISUID | S_ISGID)))
		return 0;
	(*changed)++;
	return chmod(place, mode & (ACCESSPERMS | S_ISVTX)) < 0 ? -errno : 0;
}

/* A folder that its own mode closes is opened for it by root's rights, or by its owner's. */
static int open_dir(int object)
{
	int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	auto_free char *place = place_of(object);
	int fd = openat(object, ".", flags);

	if (fd < 0 && errno == EACCES && chmod(place, S_IRWXU) == 0)
		fd = openat(object, ".", flags);
	return fd < 0 ? -errno : fd;
}

static int clean_one(int at, const char *name, dev_t device, int depth, int *changed)
{
	auto_close int object = openat(at, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (object < 0 || fstat(object, &st) < 0)
		return -errno;
	if (S_ISREG(st.st_mode))
		return clean_file(object, st.st_mode, changed);
	if (S_ISDIR(st.st_mode) && st.st_dev == device) {
		int fd = open_dir(object);

		/* One descriptor a level. */
		close(steal_fd(&object));
		return fd < 0 ? fd : clean_dir(fd, device, depth, changed);
	}
	if (!S_ISCHR(st.st_mode) && !S_ISBLK(st.st_mode))
		return 0;
	(*changed)++;
	return unlinkat(at, name, 0) < 0 ? -errno : 0;
}

/* Closes `fd`. */
static int clean_dir(int fd, dev_t device, int depth, int *changed)
{
	auto_dir DIR *dir = fdopendir(fd);
	const struct dirent *entry;
	int r = 0;

	if (!dir) {
		r = -errno;
		close(fd);
		return r;
	}
	if (depth == DEPTH_MAX)
		return -ENAMETOOLONG;
	while (r == 0 && (errno = 0, entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			r = clean_one(fd, entry->d_name, device, depth + 1, changed);
	return r == 0 ? -errno : r;
}

int shared_open(const char *dir, mode_t mode)
{
	auto_close int object = open(dir, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	auto_free char *place = place_of(object);
	int changed = 0, fd, r;
	struct stat st;

	if (object < 0 || fstat(object, &st) < 0)
		return -errno;
	fd = open_dir(object);
	r = fd < 0 ? fd : clean_dir(fd, st.st_dev, 0, &changed);
	if (r == 0 && chmod(place, mode) < 0)
		r = -errno;
	return r < 0 ? r : changed;
}
