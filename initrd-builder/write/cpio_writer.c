// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/write/cpio_writer.h"

#include "src/common/mem.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>

struct cpio_writer {
	struct archive *archive;
	char *path; /* of the last entry */
	struct failure *f;
};

static int fail_archive(struct cpio_writer *writer)
{
	int code = archive_errno(writer->archive);
	const char *why = archive_error_string(writer->archive);

	return fail(writer->f, code > 0 ? code : EIO, "is there room?", "%s: %s",
		    writer->path ? writer->path : "archive", why ? why : "cannot be written");
}

struct cpio_writer *cpio_writer_new(int fd, int gzip, struct failure *f)
{
	auto_cpio_writer struct cpio_writer *writer = xcalloc(1, sizeof(*writer));
	const char level[] = { (char)('0' + gzip), '\0' };

	writer->archive = archive_write_new();
	writer->f = f;
	archive_write_set_format_cpio_newc(writer->archive);
	if (gzip) {
		archive_write_add_filter_gzip(writer->archive);
		archive_write_set_filter_option(writer->archive, "gzip", "timestamp", NULL);
		archive_write_set_filter_option(writer->archive, "gzip", "compression-level",
						level);
	}
	archive_write_set_bytes_in_last_block(writer->archive, 1);
	if (archive_write_open_fd(writer->archive, fd) != ARCHIVE_OK) {
		fail_archive(writer);
		return NULL;
	}
	return STEAL(writer);
}

void cpio_writer_free(struct cpio_writer *writer)
{
	if (!writer)
		return;
	archive_write_free(writer->archive);
	free(writer->path);
	free(writer);
}

static void free_entry(struct archive_entry **entry)
{
	archive_entry_free(*entry);
}

int cpio_writer_header(struct cpio_writer *writer, const struct cpio_header *header)
{
	__attribute__((cleanup(free_entry))) struct archive_entry *entry = archive_entry_new();

	set_text(&writer->path, xstrdup(header->path));
	archive_entry_set_pathname(entry, header->path);
	archive_entry_set_mode(entry, header->mode);
	archive_entry_set_ino(entry, header->inode);
	archive_entry_set_nlink(entry, header->nlink);
	archive_entry_set_uid(entry, header->uid);
	archive_entry_set_gid(entry, header->gid);
	archive_entry_set_mtime(entry, header->mtime, 0);
	archive_entry_set_rdev(entry, header->device);
	if (header->target)
		archive_entry_set_symlink(entry, header->target);
	archive_entry_set_size(entry, (int64_t)header->size);
	return archive_write_header(writer->archive, entry) == ARCHIVE_OK ? 0
									  : fail_archive(writer);
}

int cpio_writer_data(struct cpio_writer *writer, const void *data, size_t n)
{
	return archive_write_data(writer->archive, data, n) < 0 ? fail_archive(writer) : 0;
}

int cpio_writer_end(struct cpio_writer *writer)
{
	free(writer->path);
	writer->path = NULL;
	return archive_write_close(writer->archive) == ARCHIVE_OK ? 0 : fail_archive(writer);
}
