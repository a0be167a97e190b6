// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/build/digest.h"

#include "src/common/files.h"
#include "src/common/interrupt.h"
#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#define DEPTH_MAX 32

void digest_begin(struct digest *digest)
{
	*digest = (struct digest){ 0 };
	if (sha256_begin(&digest->hash) < 0)
		abort(); /* out of memory */
}

void digest_text(struct digest *digest, const char *text)
{
	sha256_add(&digest->hash, text, strlen(text) + 1);
}

static void add_number(struct digest *digest, int64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, number);
	digest_text(digest, text);
}

int digest_file(struct digest *digest, int fd)
{
	static uint8_t buffer[256 * 1024];
	int64_t total = 0;
	ssize_t n;

	while ((n = read(fd, buffer, sizeof(buffer))) > 0) {
		sha256_add(&digest->hash, buffer, (size_t)n);
		total += n;
	}
	if (n < 0)
		return -errno;
	add_number(digest, total);
	return 0;
}

static int each(struct digest *digest, int dir_fd, int depth,
		int (*one)(struct digest *, int, const char *, int))
{
	auto_strv char **names = NULL;
	int r = depth > DEPTH_MAX ? -ELOOP : file_names(dir_fd, &names);

	for (char **name = names; r == 0 && *name; name++) {
		r = interrupted ? -EINTR : ++digest->entries > DIGEST_ENTRIES ? -E2BIG : 0;
		if (r == 0)
			r = one(digest, dir_fd, *name, depth);
	}
	return r;
}

static int add_content(struct digest *digest, int dir_fd, const char *name, int depth)
{
	auto_close int fd = openat(dir_fd, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	digest_text(digest, name);
	if (S_ISDIR(st.st_mode))
		return each(digest, fd, depth + 1, add_content);
	return S_ISREG(st.st_mode) ? digest_file(digest, fd) : 0;
}

int digest_contents(struct digest *digest, const char *dir)
{
	auto_close int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : each(digest, fd, 0, add_content);
}

static int add_listed(struct digest *digest, int dir_fd, const char *name, int depth)
{
	struct stat st;

	if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	digest_text(digest, name);
	add_number(digest, st.st_mode & S_IFMT);
	if (S_ISDIR(st.st_mode)) {
		auto_close int fd =
			openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

		return fd < 0 ? -errno : each(digest, fd, depth + 1, add_listed);
	}
	if (S_ISLNK(st.st_mode)) {
		char target[PATH_MAX + 1] = { 0 };

		if (readlinkat(dir_fd, name, target, PATH_MAX) < 0)
			return -errno;
		digest_text(digest, target);
		return 0;
	}
	add_number(digest, st.st_size);
	add_number(digest, st.st_mtim.tv_sec);
	return 0;
}

int digest_listing(struct digest *digest, int dir_fd)
{
	return each(digest, dir_fd, 0, add_listed);
}

char *digest_end(struct digest *digest)
{
	char text[SHA256_ROOM];

	sha256_end(&digest->hash, text);
	sha256_done(&digest->hash);
	return xstrdup(text);
}
