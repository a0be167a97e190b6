// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/write/output.h"

#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <string.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#define MODE 0644 /* boot servers give them to anybody */

static int open_named(struct output *output)
{
	int fd = openat(output->dir_fd, output->temporary,
			O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, MODE);

	output->named = fd >= 0;
	return fd;
}

int output_open(int dir_fd, const char *dir, const char *name, struct output *ret,
		struct failure *f)
{
	uint64_t random = 0;

	/* Others may build into the same directory, from other machines too. */
	if (getrandom(&random, sizeof(random), 0) < 0)
		return fail_errno(f, errno, NULL, "getrandom");
	*ret = OUTPUT_NONE;
	ret->path = xasprintf("%s/%s", dir, name);
	ret->name = ret->path + strlen(dir) + 1;
	ret->temporary = xasprintf(".%s.%016" PRIx64 ".new", name, random);
	ret->dir_fd = dir_fd;
	ret->fd = openat(dir_fd, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, MODE);
	if (ret->fd < 0)
		ret->fd = open_named(ret);
	if (ret->fd < 0)
		return fail_errno(f, errno, NULL, "%s", ret->path);
	return 0;
}

/* Only a file is replaced: else "-o /dev/null" would take the device away from all. */
static int check_place(const char *path, struct failure *f)
{
	char target[sizeof("/proc/")];
	ssize_t n = readlink(path, target, sizeof(target));
	struct stat st;
	/* /dev/stdout and its like, whatever they lead to */
	bool of_proc = n == (ssize_t)sizeof(target) && !strncmp(target, "/proc/", n - 1);

	if (of_proc || (stat(path, &st) == 0 && !S_ISREG(st.st_mode)))
		return fail(f, EINVAL, "name a file, or a place for one",
			    "%s: this is no file, and is not replaced", path);
	return 0;
}

int output_open_at(const char *path, struct output *ret, struct failure *f)
{
	auto_free char *one = xstrdup(path), *other = xstrdup(path);
	const char *dir = dirname(one);
	auto_close int dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r;

	if (dir_fd < 0)
		return fail_errno(f, errno, NULL, "%s", dir);
	r = check_place(path, f);
	if (r < 0)
		return r;
	r = output_open(dir_fd, dir, basename(other), ret, f);
	ret->own_dir = true;
	ret->dir_fd = steal_fd(&dir_fd);
	return r;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

int output_check_outside(const struct output *output, int dir_fd, const char *dir,
			 struct failure *f)
{
	auto_close int at = openat(output->dir_fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat here, above, refused;

	if (at < 0 || fstat(at, &here) < 0 || fstat(dir_fd, &refused) < 0)
		return fail_errno(f, errno, NULL, "%s", output->path);
	while (here.st_dev == refused.st_dev) {
		auto_close int parent = -1;

		if (is_same(&here, &refused))
			return fail(f, EINVAL, "put it beside that", "%s: it lies in %s itself",
				    output->path, dir);
		parent = openat(at, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (parent < 0 || fstat(parent, &above) < 0 || is_same(&here, &above))
			return 0;
		close(at);
		at = steal_fd(&parent);
		here = above;
	}
	return 0;
}

int output_copy(struct output *output, int from, struct failure *f)
{
	off_t at = 0;
	ssize_t n;

	while ((n = sendfile(output->fd, from, &at, 1 << 20)) > 0)
		;
	return n < 0 ? fail_errno(f, errno, "is there room?", "%s", output->path) : 0;
}

/* A file without a name cannot replace another one at once: it takes the hidden name first. */
static int give_name(struct output *output)
{
	auto_free char *link = xasprintf("/proc/self/fd/%d", output->fd);

	if (output->named)
		return 0;
	if (linkat(AT_FDCWD, link, output->dir_fd, output->temporary, AT_SYMLINK_FOLLOW) < 0)
		return -errno;
	output->named = true;
	return 0;
}

int output_commit(struct output *output, off_t *ret_size, struct failure *f)
{
	struct stat st;
	int r = 0;

	/* Not what the caller's umask says. */
	if (fchmod(output->fd, MODE) < 0 || fsync(output->fd) < 0 || fstat(output->fd, &st) < 0)
		return fail_errno(f, errno, "is there room?", "%s", output->path);
	r = give_name(output);
	if (r == 0 && renameat(output->dir_fd, output->temporary, output->dir_fd, output->name) < 0)
		r = -errno;
	if (r < 0)
		return fail_errno(f, -r, NULL, "%s", output->path);
	output->named = false;
	fsync(output->dir_fd);
	if (ret_size)
		*ret_size = st.st_size;
	return 0;
}

/* ".NAME.0123456789abcdef.new" */
static bool is_left(const char *entry, const char *prefix)
{
	size_t len = strlen(entry), end = strlen(".0123456789abcdef.new");

	return entry[0] == '.' && strncmp(entry + 1, prefix, strlen(prefix)) == 0 &&
	       len > end + strlen(prefix) && entry[len - end] == '.' &&
	       strspn(entry + len - end + 1, "0123456789abcdef") == 16 &&
	       strcmp(entry + len - strlen(".new"), ".new") == 0;
}

void output_clean(int dir_fd, const char *prefix)
{
	int again = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_dir DIR *dir = again < 0 ? NULL : fdopendir(again);

	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		if (is_left(entry->d_name, prefix))
			unlinkat(dir_fd, entry->d_name, 0);
	}
}

void output_done(struct output *output)
{
	if (output->named)
		unlinkat(output->dir_fd, output->temporary, 0);
	macro_close(&output->fd);
	if (output->own_dir)
		macro_close(&output->dir_fd);
	free(output->path);
	free(output->temporary);
	*output = OUTPUT_NONE;
}
