// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/write/cpio_list.h"

#include "initrd-builder/write/cpio_writer.h"
#include "initrd-builder/write/epoch.h"
#include "src/common/files.h"
#include "src/common/interrupt.h"
#include "src/common/mem.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_MAX ((size_t)1 << 30)

static void free_reader(struct archive **archive)
{
	archive_read_free(*archive);
}

static int fail_archive(struct archive *archive, const char *what, struct failure *f)
{
	const char *why = archive_error_string(archive);

	return fail(f, EIO, NULL, "%s: %s", what, why ? why : "not an archive");
}

static struct cpio_item *add(struct cpio_list *list, const char *path, mode_t mode)
{
	struct cpio_item *item;

	list->items = xreallocarray(list->items, list->n + 1, sizeof(*list->items));
	item = &list->items[list->n++];
	*item = (struct cpio_item){ .path = xstrdup(path), .mode = mode };
	return item;
}

void cpio_list_add_text(struct cpio_list *list, const char *path, char *text)
{
	struct cpio_item *item = add(list, path, S_IFREG | 0644);

	item->data = text;
	item->size = strlen(text);
}

static int read_data(struct archive *archive, const char *from, struct cpio_item *item,
		     struct failure *f)
{
	size_t done = 0;

	item->data = xcalloc(item->size + 1, 1);
	while (done < item->size) {
		la_ssize_t n = archive_read_data(archive, item->data + done, item->size - done);

		if (n <= 0)
			return fail_archive(archive, from, f);
		done += (size_t)n;
	}
	return 0;
}

static int add_entry(struct cpio_list *list, struct archive *archive, struct archive_entry *entry,
		     const char *from, struct failure *f)
{
	const char *path = archive_entry_pathname(entry);
	const char *target = archive_entry_symlink(entry);
	int64_t size = archive_entry_size(entry);
	struct cpio_item *item;

	if (path && strncmp(path, "./", 2) == 0)
		path += 2;
	if (!path || !*path || strcmp(path, ".") == 0)
		return 0;
	if (archive_entry_hardlink(entry) || size < 0 || (uint64_t)size > FILE_MAX)
		return fail(f, EINVAL, NULL, "%s: %s: not for an image", from, path);
	item = add(list, path, archive_entry_mode(entry));
	item->device = archive_entry_rdev(entry);
	if (target) {
		item->data = xstrdup(target);
		item->size = strlen(target);
		return 0;
	}
	if (!S_ISREG(item->mode))
		return 0;
	item->size = (size_t)size;
	return read_data(archive, from, item, f);
}

int cpio_list_add_archive(struct cpio_list *list, const char *path, struct failure *f)
{
	__attribute__((cleanup(free_reader))) struct archive *archive = archive_read_new();
	struct archive_entry *entry;
	int r, result = 0;

	archive_read_support_filter_all(archive);
	archive_read_support_format_cpio(archive);
	r = archive_read_open_filename(archive, path, 1 << 20);
	while (r == ARCHIVE_OK && (r = archive_read_next_header(archive, &entry)) == ARCHIVE_OK) {
		result = add_entry(list, archive, entry, path, f);
		if (result < 0)
			return result;
	}
	return r == ARCHIVE_EOF ? 0 : fail_archive(archive, path, f);
}

static int add_below(struct cpio_list *list, int dir_fd, const char *place, const char *above,
		     struct failure *f);

static int add_object(struct cpio_list *list, int dir_fd, const char *name, const char *place,
		      const char *path, struct failure *f)
{
	auto_close int fd = -1;
	struct stat st;
	int r;

	if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return fail_errno(f, errno, NULL, "%s/%s", place, path);
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return 0;
	fd = openat(dir_fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return fail_errno(f, errno, NULL, "%s/%s", place, path);
	if (S_ISDIR(st.st_mode)) {
		add(list, path, S_IFDIR | 0755);
		return add_below(list, fd, place, path, f);
	}
	add(list, path, S_IFREG | 0644);
	r = file_read_fd(fd, FILE_MAX, &list->items[list->n - 1].data,
			 &list->items[list->n - 1].size);
	return r < 0 ? fail_errno(f, -r, NULL, "%s/%s", place, path) : 0;
}

static int add_below(struct cpio_list *list, int dir_fd, const char *place, const char *above,
		     struct failure *f)
{
	auto_strv char **names = NULL;
	int r = file_names(dir_fd, &names);

	if (r < 0)
		return fail_errno(f, -r, NULL, "%s/%s", place, above);
	for (char **name = names; r == 0 && *name; name++) {
		auto_free char *path = xasprintf("%s%s%s", above, *above ? "/" : "", *name);

		r = add_object(list, dir_fd, *name, place, path, f);
	}
	return r;
}

int cpio_list_add_tree(struct cpio_list *list, const char *dir, struct failure *f)
{
	auto_close int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? fail_errno(f, errno, NULL, "%s", dir) : add_below(list, fd, dir, "", f);
}

static void free_item(struct cpio_item *item)
{
	free(item->path);
	free(item->data);
}

void cpio_list_drop(struct cpio_list *list, const char *path)
{
	size_t len = strlen(path), kept = 0;

	for (size_t i = 0; i < list->n; i++) {
		struct cpio_item *item = &list->items[i];

		if (strncmp(item->path, path, len) == 0 &&
		    (item->path[len] == '/' || item->path[len] == '\0'))
			free_item(item);
		else
			list->items[kept++] = *item;
	}
	list->n = kept;
}

const struct cpio_item *cpio_list_find(const struct cpio_list *list, const char *path)
{
	for (size_t i = 0; i < list->n; i++) {
		if (strcmp(list->items[i].path, path) == 0)
			return &list->items[i];
	}
	return NULL;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct cpio_item *)a)->path, ((const struct cpio_item *)b)->path);
}

static int write_item(struct cpio_writer *writer, const struct cpio_item *item, size_t number,
		      time_t mtime)
{
	bool contents = S_ISREG(item->mode);
	const struct cpio_header header = {
		.path = item->path,
		.target = S_ISLNK(item->mode) ? item->data : NULL,
		.mode = item->mode,
		.inode = (long)number + 1,
		.nlink = S_ISDIR(item->mode) ? 2 : 1,
		.mtime = mtime,
		.device = item->device,
		.size = contents ? item->size : 0,
	};
	int r = cpio_writer_header(writer, &header);

	return r == 0 && contents ? cpio_writer_data(writer, item->data, item->size) : r;
}

int cpio_list_write(struct cpio_list *list, int fd, struct failure *f)
{
	auto_cpio_writer struct cpio_writer *writer = NULL;
	time_t mtime;
	int r = epoch_read(0, &mtime, f);

	if (r < 0)
		return r;
	if (list->n)
		qsort(list->items, list->n, sizeof(*list->items), by_path);
	writer = cpio_writer_new(fd, 0, f);
	if (!writer)
		return -f->code;
	for (size_t i = 0; r == 0 && i < list->n; i++)
		r = interrupted ? fail(f, EINTR, NULL, "interrupted")
				: write_item(writer, &list->items[i], i, mtime);
	return r == 0 ? cpio_writer_end(writer) : r;
}

void cpio_list_done(struct cpio_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		free_item(&list->items[i]);
	free(list->items);
	*list = (struct cpio_list){ 0 };
}
