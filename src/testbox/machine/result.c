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
#define OUTPUT_UNIT  UNITS "lkp-bootstrap.service.d/testbox-output.conf"
#define FOLLOW_UNIT  UNITS "testbox-lkp-output.service"
#define ROOT_TOP     "custom_bootstrap/"
#define MOUNT_HELPER "usr/sbin/mount.9p"

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

/*
 * What the job says is seen on the console too, behind a name, so that no line of it is taken for
 * the kernel's. LKP says it in files.
 */
static const char output_unit[] = "[Unit]\n"
				  "Wants=testbox-lkp-output.service\n"
				  "[Service]\n"
				  "StandardOutput=journal+console\n"
				  "StandardError=journal+console\n";
static const char follow_unit[] =
	"[Unit]\n"
	"Description=What LKP says, to the console\n"
	"ConditionPathExistsGlob=/lkp/*/src/bin/run-lkp\n"
	"[Service]\n"
	"ExecStart=/bin/sh -c 'exec tail -q -n +1 -F /tmp/stdout /tmp/stderr 2>/dev/null'\n"
	"StandardOutput=journal+console\n"
	"SyslogIdentifier=lkp\n";

/*
 * Where the job's service ends by itself, and the job has written no exit status. rc.local of LKP's
 * addon starts the job as well.
 */
static const char status_unit[] =
	"[Unit]\n"
	"RequiresMountsFor=/lkp/result\n"
	"Before=rc-local.service\n"
	"[Service]\n"
	"ExecStopPost=-/bin/sh -c 'test -e /lkp/result/" RESULT_EXIT " || "
	"test \"$$EXIT_CODE\" != exited || echo \"$$EXIT_STATUS\" >/lkp/result/" RESULT_EXIT "'\n";

/*
 * mount(8) runs it for type 9p. LKP mounts the results itself, on a place of its own, by a tag
 * whose channel is taken or, with virtiofs, not there: it gets what is mounted.
 */
static const char mount_helper[] =
	"#!/bin/sh\n"
	"if [ \"$1\" = " RESULT_TAG_9P " ] && grep -q ' /lkp/result ' /proc/mounts; then\n"
	"\texec mount --bind /lkp/result \"$2\"\n"
	"fi\n"
	"exec mount -i -t 9p \"$@\"\n";

static int add_entry(struct archive *archive, const char *path, mode_t mode, const char *text)
{
	const mode_t type = mode & AE_IFMT;
	struct archive_entry *entry = archive_entry_new();
	int r;

	archive_entry_set_pathname(entry, path);
	archive_entry_set_filetype(entry, type);
	archive_entry_set_perm(entry, mode & 07777);
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
static int add_file(struct archive *archive, const char *top, const char *path, mode_t mode,
		    const char *text)
{
	auto_free char *whole = xasprintf("%s%s", top, path);
	int r = ARCHIVE_OK;

	for (char *slash = whole; r == ARCHIVE_OK && (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		r = add_entry(archive, whole, AE_IFDIR | 0755, "");
		*slash = '/';
	}
	return r == ARCHIVE_OK ? add_entry(archive, whole, mode, text) : r;
}

/* Only in a root: the initramfs mounts what it mounts as it is. */
static int write_helper(struct archive *archive)
{
	return add_file(archive, ROOT_TOP, MOUNT_HELPER, AE_IFREG | 0755, mount_helper);
}

static int write_units(struct archive *archive, bool results, enum host_share share)
{
	static const char *const tops[] = { "", ROOT_TOP };
	auto_free char *mount =
		share == SHARE_9P
			? xasprintf(mount_unit, RESULT_TAG_9P, "9p",
				    "Options=trans=virtio,version=9p2000.L,msize=262144\n")
			: xasprintf(mount_unit, RESULT_TAG, "virtiofs", "");
	const struct {
		const char *path;
		mode_t mode;
		const char *text;
		bool always;
	} units[] = {
		{ OUTPUT_UNIT, AE_IFREG | 0644, output_unit, true },
		{ FOLLOW_UNIT, AE_IFREG | 0644, follow_unit, true },
		{ MOUNT_UNIT, AE_IFREG | 0644, mount, false },
		{ MOUNT_WANTED, AE_IFLNK | 0755, "../lkp-result.mount", false },
		{ STATUS_UNIT, AE_IFREG | 0644, status_unit, false },
	};
	int r = ARCHIVE_OK;

	for (size_t i = 0; i < ARRAY_SIZE(tops) * ARRAY_SIZE(units) && r == ARCHIVE_OK; i++) {
		size_t unit = i % ARRAY_SIZE(units);

		if (results || units[unit].always)
			r = add_file(archive, tops[i / ARRAY_SIZE(units)], units[unit].path,
				     units[unit].mode, units[unit].text);
	}
	return r == ARCHIVE_OK && results ? write_helper(archive) : r;
}

static int append_archive(int fd, bool results, enum host_share share, const char *output,
			  struct failure *f)
{
	struct archive *archive = archive_write_new();
	int r = archive_write_set_format_cpio_newc(archive), ret = 0;

	if (r == ARCHIVE_OK)
		r = archive_write_open_fd(archive, fd);
	if (r == ARCHIVE_OK)
		r = write_units(archive, results, share);
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

int result_prepare(int dir, enum host_share share, const char *initrd, const char *output,
		   struct failure *f)
{
	auto_close int from = initrd ? open(initrd, O_RDONLY | O_CLOEXEC) : -1;
	auto_close int to = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int r = 0;

	if (initrd && from < 0)
		return fail_errno(f, errno, NULL, "%s", initrd);
	if (dir >= 0 && unlinkat(dir, RESULT_EXIT, 0) < 0 && errno != ENOENT)
		return fail_errno(f, errno, NULL, "the results' " RESULT_EXIT);
	if (to < 0)
		return fail_errno(f, errno, NULL, "%s", output);
	if (initrd)
		r = copy(from, to);
	if (r < 0)
		return fail_errno(f, -r, NULL, "%s", output);
	return append_archive(to, dir >= 0, share, output, f);
}

int result_status(int dir)
{
	auto_close int fd =
		openat(dir, RESULT_EXIT, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	auto_free char *text = NULL;
	size_t len, digits;
	unsigned long status;

	if (fd < 0 || file_read_fd(fd, STATUS_MAX, &text, &len) < 0)
		return -1;
	digits = strspn(text, "0123456789");
	status = strtoul(text, NULL, 10);
	return digits && digits + (text[digits] == '\n') == len && status <= 255 ? (int)status : -1;
}
