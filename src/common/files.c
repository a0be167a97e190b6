// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/files.h"

#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#define DIRS_OPEN 16 /* descriptors that nftw(3) may keep open */

int file_read_fd(int fd, size_t max, char **ret, size_t *ret_len)
{
	auto_free char *data = NULL;
	size_t len = 0, room = 0;
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	for (;;) {
		ssize_t n;

		/* stat(2) returns size 0 for files in /proc, so read until the end. */
		if (len == room) {
			room = room ? room * 2 : 4096;
			data = xreallocarray(data, room + 1, 1);
		}
		n = read(fd, data + len, room - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		len += (size_t)n;
		if (len > max)
			return -EFBIG;
	}
	data[len] = '\0';
	*ret = STEAL(data);
	*ret_len = len;
	return 0;
}

int file_read(int dirfd, const char *path, size_t max, char **ret)
{
	/* Without O_NONBLOCK, opening a FIFO would wait for a writer. */
	auto_close int fd = openat(dirfd, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	auto_free char *text = NULL;
	size_t len;
	int r;

	if (fd < 0)
		return -errno;
	r = file_read_fd(fd, max, &text, &len);
	if (r < 0)
		return r;
	if (strlen(text) != len)
		return -EILSEQ;
	*ret = STEAL(text);
	return 0;
}

int file_readlink(int dirfd, const char *path, char **ret)
{
	char target[PATH_MAX];
	ssize_t len = readlinkat(dirfd, path, target, sizeof(target));

	if (len < 0)
		return -errno;
	if ((size_t)len == sizeof(target))
		return -ENAMETOOLONG;
	*ret = xstrndup(target, (size_t)len);
	return 0;
}

int file_write_fd(int fd, const void *data, size_t len)
{
	const char *left = data;

	while (len) {
		ssize_t n = write(fd, left, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		left += n;
		len -= (size_t)n;
	}
	return 0;
}

static int write_whole(int dirfd, const char *path, const char *text, unsigned mode, bool durable)
{
	auto_free char *temporary = xasprintf("%s.new", path);
	int fd, r;

	/* The name may already exist as a FIFO without a reader, or as another user's file. */
	unlinkat(dirfd, temporary, 0);
	fd = openat(dirfd, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	if (fd < 0)
		return -errno;
	r = file_write_fd(fd, text, strlen(text));
	if (!r && durable && fsync(fd) < 0)
		r = -errno;
	if (close(fd) < 0 && !r)
		r = -errno;
	if (!r && renameat(dirfd, temporary, dirfd, path) < 0)
		r = -errno;
	if (r)
		unlinkat(dirfd, temporary, 0);
	return r;
}

int file_write(int dirfd, const char *path, const char *text, unsigned mode)
{
	return write_whole(dirfd, path, text, mode, false);
}

int file_write_durable(int dir, const char *name, const char *text, unsigned mode)
{
	int r = write_whole(dir, name, text, mode, true);

	return r == 0 && fsync(dir) < 0 ? -errno : r;
}

int file_make_dirs(const char *path)
{
	auto_free char *part = xstrdup(path);

	if (!*part)
		return -ENOENT;
	for (char *slash = strchr(part + 1, '/');; slash = strchr(slash + 1, '/')) {
		if (slash)
			*slash = '\0';
		if (mkdir(part, 0755) < 0 && errno != EEXIST)
			return -errno;
		if (!slash)
			return 0;
		*slash = '/';
	}
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_not_dots(const struct dirent *entry)
{
	return !IS_ONE_OF(entry->d_name, ".", "..");
}

int file_names(int dir, char ***ret)
{
	struct dirent **entries = NULL;
	int n = scandirat(dir, ".", &entries, is_not_dots, by_name);

	if (n < 0)
		return -errno;
	*ret = xcalloc((size_t)n + 1, sizeof(**ret));
	for (int i = 0; i < n; i++) {
		(*ret)[i] = xstrdup(entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	remove(path);
	return 0;
}

void file_remove_tree(const char *path)
{
	nftw(path, remove_one, DIRS_OPEN, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}
