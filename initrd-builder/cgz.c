// SPDX-License-Identifier: GPL-2.0-or-later
#include "cgz.h"

#include "common/mem.h"
#include "interrupt.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

struct cgz {
	struct archive *archive;
	time_t latest; /* no entry is younger */
	long inode;    /* of the last entry: cpio wants each to have its own */
	struct failure *f;
};

static void free_entry(struct archive_entry **entry)
{
	archive_entry_free(*entry);
}

static void free_archive(struct archive **archive)
{
	archive_write_free(*archive);
}

#define auto_entry   __attribute__((cleanup(free_entry)))
#define auto_archive __attribute__((cleanup(free_archive)))

static int fail_archive(struct cgz *cgz, const char *what)
{
	int code = archive_errno(cgz->archive);
	const char *why = archive_error_string(cgz->archive);

	return fail(cgz->f, code > 0 ? code : EIO, "is there room?", "%s: %s", what,
		    why ? why : "cannot be written");
}

static int add_content(struct cgz *cgz, int fd, const char *path, off_t size)
{
	char buffer[64 * 1024];

	while (size > 0) {
		ssize_t n = read(fd, buffer, sizeof(buffer));

		if (interrupted)
			return fail(cgz->f, EINTR, NULL, "interrupted");
		if (n < 0)
			return fail_errno(cgz->f, errno, NULL, "%s", path);
		if (n == 0 || n > size)
			return fail(cgz->f, EAGAIN, "wait until nobody writes to the root",
				    "%s: changed while it was read", path);
		if (archive_write_data(cgz->archive, buffer, (size_t)n) < 0)
			return fail_archive(cgz, path);
		size -= n;
	}
	return 0;
}

/* Adds one entry; `fd` is open where it is a file. */
static int add_entry(struct cgz *cgz, const char *path, const struct stat *st, int fd)
{
	auto_entry struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, path);
	archive_entry_set_mode(entry, st->st_mode);
	archive_entry_set_nlink(entry, S_ISDIR(st->st_mode) ? 2 : 1);
	archive_entry_set_ino(entry, ++cgz->inode);
	archive_entry_set_mtime(entry, st->st_mtime < cgz->latest ? st->st_mtime : cgz->latest, 0);
	archive_entry_set_size(entry, S_ISREG(st->st_mode) ? st->st_size : 0);
	if (archive_write_header(cgz->archive, entry) != ARCHIVE_OK)
		return fail_archive(cgz, path);
	return S_ISREG(st->st_mode) ? add_content(cgz, fd, path, st->st_size) : 0;
}

static int add_directory(struct cgz *cgz, int fd, const char *path);

/* Adds what stands under `name` in a directory: files and directories; nothing else. */
static int add_object(struct cgz *cgz, int dir_fd, const char *path, const char *name)
{
	auto_close int fd = -1;
	struct stat st;

	if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return fail_errno(cgz->f, errno, NULL, "%s", path);
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return 0;
	fd = openat(dir_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return fail_errno(cgz->f, errno, NULL, "%s", path);
	if (S_ISREG(st.st_mode))
		return add_entry(cgz, path, &st, fd);
	return add_directory(cgz, fd, path);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list_names(int fd, char ***ret)
{
	auto_strv char **names = NULL;
	auto_dir DIR *dir = NULL;
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	dir = copy < 0 ? NULL : fdopendir(copy);
	if (!dir)
		return -errno;
	for (struct dirent *entry; (entry = readdir(dir));) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			strv_add(&names, xstrdup(entry->d_name));
	}
	if (names)
		qsort(names, strv_len(names), sizeof(*names), by_name);
	*ret = STEAL(names);
	return 0;
}

static int add_directory(struct cgz *cgz, int fd, const char *path)
{
	auto_strv char **names = NULL;
	struct stat st;
	int r;

	if (fstat(fd, &st) < 0)
		return fail_errno(cgz->f, errno, NULL, "%s", path);
	r = list_names(fd, &names);
	if (r < 0)
		return fail_errno(cgz->f, -r, NULL, "%s", path);
	r = add_entry(cgz, path, &st, -1);
	for (char **name = names; r == 0 && name && *name; name++) {
		auto_free char *below = xasprintf("%s/%s", path, *name);

		r = add_object(cgz, fd, below, *name);
	}
	return r;
}

/* The directories above, for an archive that is unpacked before any other. */
static int add_parents(struct cgz *cgz, const struct stat *like)
{
	static const char *const parents[] = { "usr", "usr/lib", "usr/lib/modules" };
	struct stat st = { .st_mode = S_IFDIR | 0755, .st_mtime = like->st_mtime };
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(parents); i++)
		r = add_entry(cgz, parents[i], &st, -1);
	return r;
}

/* See https://reproducible-builds.org/specs/source-date-epoch/ */
static time_t latest_time(void)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");

	return epoch && *epoch ? (time_t)strtoll(epoch, NULL, 10) : (time_t)INT32_MAX;
}

int cgz_write(int fd, const char *modules, const char *version, struct failure *f)
{
	auto_archive struct archive *archive = archive_write_new();
	auto_close int dir = open(modules, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_free char *top = xasprintf("usr/lib/modules/%s", version);
	struct cgz cgz = { .archive = archive, .latest = latest_time(), .f = f };
	struct stat st;
	int r;

	if (dir < 0 || fstat(dir, &st) < 0)
		return fail_errno(f, errno, NULL, "%s", modules);
	archive_write_set_format_cpio_newc(archive);
	archive_write_add_filter_gzip(archive);
	archive_write_set_filter_option(archive, "gzip", "timestamp", NULL);
	archive_write_set_bytes_in_last_block(archive, 1);
	if (archive_write_open_fd(archive, fd) != ARCHIVE_OK)
		return fail_archive(&cgz, version);
	r = add_parents(&cgz, &st);
	if (r == 0)
		r = add_directory(&cgz, dir, top);
	if (r == 0 && archive_write_close(archive) != ARCHIVE_OK)
		r = fail_archive(&cgz, version);
	return r;
}
