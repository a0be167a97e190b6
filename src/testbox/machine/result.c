// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/result.h"

#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/testbox/plan/machine_plan.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/sendfile.h>

#define STATUS_MAX 16

/*
 * Two units, in a tree that the payload table copies over the root (/custom_bootstrap), and in the
 * place itself, for a root that is an initrd as a whole.
 */
#define UNITS	     "etc/systemd/system/"
#define MOUNT_UNIT   UNITS "lkp-result.mount"
#define MOUNT_WANTED UNITS "local-fs.target.wants/lkp-result.mount"
#define STATUS_UNIT  UNITS "lkp-bootstrap.service.d/testbox.conf"

static const char mount_unit[] = "[Unit]\n"
				 "Description=Results, to the launcher of this machine\n"
				 "ConditionPathExists=!/etc/initrd-release\n"
				 "[Mount]\n"
				 "What=%s\n"
				 "Where=/lkp/result\n"
				 "Type=%s\n"
				 "%s"
				 "[Install]\n"
				 "WantedBy=local-fs.target\n";

/* Where the job's service ends by itself, and the job has written no exit status. */
static const char status_unit[] =
	"[Unit]\n"
	"RequiresMountsFor=/lkp/result\n"
	"[Service]\n"
	"ExecStopPost=-/bin/sh -c 'test -e /lkp/result/" RESULT_EXIT " || "
	"test \"$$EXIT_CODE\" != exited || echo \"$$EXIT_STATUS\" >/lkp/result/" RESULT_EXIT "'\n";

static int add_entry(struct archive *archive, const char *path, mode_t type, const char *text)
{
	struct archive_entry *entry = archive_entry_new();
	int r;

	archive_entry_set_pathname(entry, path);
	archive_entry_set_filetype(entry, type);
	archive_entry_set_perm(entry, type == AE_IFREG ? 0644 : 0755);
	archive_entry_set_nlink(entry, 1);
	if (type == AE_IFLNK)
		archive_entry_set_symlink(entry, text);
	archive_entry_set_size(entry, type == AE_IFREG ? (la_int64_t)strlen(text) : 0);
	r = archive_write_header(archive, entry);
	archive_entry_free(entry);
	if (r == ARCHIVE_OK && type == AE_IFREG &&
	    archive_write_data(archive, text, strlen(text)) != (la_ssize_t)strlen(text))
		r = ARCHIVE_FATAL;
	return r;
}

/* The folders of a path and then itself, below `top`. */
static int add_file(struct archive *archive, const char *top, const char *path, mode_t type,
		    const char *text)
{
	auto_free char *whole = xasprintf("%s%s", top, path);
	int r = ARCHIVE_OK;

	for (char *slash = whole; r == ARCHIVE_OK && (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		r = add_entry(archive, whole, AE_IFDIR, "");
		*slash = '/';
	}
	return r == ARCHIVE_OK ? add_entry(archive, whole, type, text) : r;
}

static int write_units(struct archive *archive, enum host_share share)
{
	static const char *const tops[] = { "", "custom_bootstrap/" };
	auto_free char *mount =
		share == SHARE_9P
			? xasprintf(mount_unit, RESULT_TAG_9P, "9p",
				    "Options=trans=virtio,version=9p2000.L,msize=262144\n")
			: xasprintf(mount_unit, RESULT_TAG, "virtiofs", "");
	int r = ARCHIVE_OK;

	for (size_t i = 0; r == ARCHIVE_OK && i < ARRAY_SIZE(tops); i++) {
		r = add_file(archive, tops[i], MOUNT_UNIT, AE_IFREG, mount);
		if (r == ARCHIVE_OK)
			r = add_file(archive, tops[i], MOUNT_WANTED, AE_IFLNK,
				     "../lkp-result.mount");
		if (r == ARCHIVE_OK)
			r = add_file(archive, tops[i], STATUS_UNIT, AE_IFREG, status_unit);
	}
	return r;
}

static int append_archive(int fd, enum host_share share, const char *output, struct failure *f)
{
	struct archive *archive = archive_write_new();
	int r = archive_write_set_format_cpio_newc(archive), ret = 0;

	if (r == ARCHIVE_OK)
		r = archive_write_open_fd(archive, fd);
	if (r == ARCHIVE_OK)
		r = write_units(archive, share);
	if (r == ARCHIVE_OK)
		r = archive_write_close(archive);
	if (r != ARCHIVE_OK)
		ret = fail(f, EIO, NULL, "%s: %s", output, archive_error_string(archive));
	archive_write_free(archive);
	return ret;
}

/* An archive begins on a multiple of four bytes (initramfs-buffer-format.rst). */
static int copy(int from, int to)
{
	static const char zeros[4];
	off_t len = 0;
	ssize_t n;

	while ((n = sendfile(to, from, NULL, 1 << 30)) > 0)
		len += n;
	if (n < 0)
		return -errno;
	return write(to, zeros, (size_t)(-len & 3)) < 0 ? -errno : 0;
}

int result_prepare(const char *dir, enum host_share share, const char *initrd, const char *output,
		   struct failure *f)
{
	auto_free char *old = xasprintf("%s/" RESULT_EXIT, dir);
	auto_close int from = initrd ? open(initrd, O_RDONLY | O_CLOEXEC) : -1;
	auto_close int to = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int r = 0;

	if (initrd && from < 0)
		return fail_errno(f, errno, NULL, "%s", initrd);
	if (unlink(old) < 0 && errno != ENOENT)
		return fail_errno(f, errno, NULL, "%s", old);
	if (to < 0)
		return fail_errno(f, errno, NULL, "%s", output);
	if (initrd)
		r = copy(from, to);
	if (r < 0)
		return fail_errno(f, -r, NULL, "%s", output);
	return append_archive(to, share, output, f);
}

int result_status(const char *dir)
{
	auto_free char *path = xasprintf("%s/" RESULT_EXIT, dir), *text = NULL;
	auto_close int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	size_t len, digits;
	unsigned long status;

	if (fd < 0 || file_read_fd(fd, STATUS_MAX, &text, &len) < 0)
		return -1;
	digits = strspn(text, "0123456789");
	status = strtoul(text, NULL, 10);
	return digits && digits + (text[digits] == '\n') == len && status <= 255 ? (int)status : -1;
}
