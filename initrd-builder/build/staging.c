// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/build/staging.h"

#include "src/common/files.h"
#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdbool.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <time.h>

#define PREFIX	"initrd-builder."
#define NEW_SEC 5
#define COPY	((off_t)1 << 20) /* bytes at a time */

/* Of mkdtemp(3), so that what a person has named so stays. */
static bool is_ours(const char *name, const struct stat *st)
{
	const char *random = name + strlen(PREFIX);

	return strlen(random) == strlen("XXXXXX") && !strpbrk(random, ".-_~ ") &&
	       (st->st_mode & 07777) == 0700 && st->st_uid == geteuid();
}

/* Removes ours whose builder is dead: nobody has their lock. A new one is a moment without it. */
static void clean(const char *tmp)
{
	auto_dir DIR *dir = opendir(tmp);

	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		auto_close int fd = -1;
		auto_free char *path = NULL;
		struct stat st;

		if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) != 0)
			continue;
		fd = openat(dirfd(dir), entry->d_name,
			    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0 || fstat(fd, &st) < 0 || !is_ours(entry->d_name, &st) ||
		    st.st_mtime > time(NULL) - NEW_SEC || flock(fd, LOCK_EX | LOCK_NB) < 0)
			continue;
		path = xasprintf("%s/%s", tmp, entry->d_name);
		file_remove_tree(path);
	}
}

int staging_open(struct staging *ret, struct failure *f)
{
	const char *tmp = getenv("TMPDIR");
	int r;

	if (tmp && strpbrk(tmp, " \t\n:"))
		return fail(f, EINVAL, "TMPDIR names another place",
			    "TMPDIR=%s: dracut takes no path with blanks or colons", tmp);
	if (!tmp || !*tmp)
		tmp = "/var/tmp";
	clean(tmp);
	*ret = (struct staging){ .path = xasprintf("%s/" PREFIX "XXXXXX", tmp), .fd = -1 };
	if (!mkdtemp(ret->path)) {
		r = fail_errno(f, errno, "TMPDIR names another place", "%s", ret->path);
		free(STEAL(ret->path));
		return r;
	}
	ret->fd = open(ret->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (ret->fd < 0 || flock(ret->fd, LOCK_EX | LOCK_NB) < 0) {
		r = fail_errno(f, errno, "TMPDIR names another place", "%s", ret->path);
		staging_close(ret);
		return r;
	}
	return 0;
}

void staging_close(struct staging *staging)
{
	if (!staging->path)
		return;
	file_remove_tree(staging->path);
	if (staging->fd > 0)
		close(staging->fd);
	free(STEAL(staging->path));
}

char *staging_path(const struct staging *staging, const char *name)
{
	return xasprintf("%s/%s", staging->path, name);
}

int staging_make_dir(const struct staging *staging, const char *name, struct failure *f)
{
	auto_free char *path = staging_path(staging, name);
	int r = file_make_dirs(path);

	return r < 0 ? fail_errno(f, -r, NULL, "%s", path) : 0;
}

int staging_link(const struct staging *staging, const char *target, const char *name,
		 struct failure *f)
{
	auto_free char *path = staging_path(staging, name);

	unlink(path);
	return symlink(target, path) < 0 ? fail_errno(f, errno, NULL, "%s", path) : 0;
}

int staging_copy_fd(int from, int to, off_t most)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT } };
	struct stat st;
	ssize_t n = 1;

	if (fstat(from, &st) < 0)
		return -errno;
	if (st.st_size > most)
		return -EFBIG;
	/* Shared blocks where the file system can. */
	if (ioctl(to, FICLONE, from) < 0) {
		for (off_t left = most; n > 0 && left >= 0; left -= n)
			n = sendfile(to, from, NULL, left < COPY ? (size_t)left + 1 : COPY);
		if (n < 0)
			return -errno;
	}
	/* It is somebody else's, and may have grown. */
	if (fstat(to, &st) < 0)
		return -errno;
	if (st.st_size > most)
		return -EFBIG;
	/* The archive of modules says the times. */
	if (fstat(from, &st) < 0)
		return -errno;
	times[1] = st.st_mtim;
	return futimens(to, times) < 0 ? -errno : 0;
}

int staging_copy(const struct staging *staging, const char *from, const char *name,
		 struct failure *f)
{
	auto_free char *path = staging_path(staging, name);
	auto_close int in = open(from, O_RDONLY | O_CLOEXEC);
	auto_close int out = -1;
	struct stat st;
	int r;

	if (in < 0 || fstat(in, &st) < 0)
		return fail_errno(f, errno, NULL, "%s", from);
	out = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, st.st_mode & 0777);
	if (out < 0)
		return fail_errno(f, errno, NULL, "%s", path);
	r = staging_copy_fd(in, out, st.st_size);
	return r < 0 ? fail_errno(f, -r, NULL, "%s", path) : 0;
}
