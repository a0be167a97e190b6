// SPDX-License-Identifier: GPL-2.0-or-later
#include "staging.h"

#include "common/files.h"
#include "common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

int staging_open(struct staging *ret, struct failure *f)
{
	const char *tmp = getenv("TMPDIR");

	if (tmp && strpbrk(tmp, " \t\n:"))
		return fail(f, EINVAL, "TMPDIR names another place",
			    "TMPDIR=%s: dracut takes no path with blanks or colons", tmp);
	*ret = (struct staging){ .path = xasprintf("%s/initrd-builder.XXXXXX",
						   tmp && *tmp ? tmp : "/var/tmp") };
	if (!mkdtemp(ret->path)) {
		int r = fail_errno(f, errno, "TMPDIR names another place", "%s", ret->path);

		free(STEAL(ret->path));
		return r;
	}
	return 0;
}

static int remove_object(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	remove(path);
	return 0;
}

void staging_close(struct staging *staging)
{
	if (staging->path)
		nftw(staging->path, remove_object, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
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

int staging_copy_fd(int from, int to)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT } };
	struct stat st;
	ssize_t n;

	/* Shared blocks where the file system can. */
	if (ioctl(to, FICLONE, from) < 0) {
		while ((n = sendfile(to, from, NULL, 1 << 20)) > 0)
			;
		if (n < 0)
			return -errno;
	}
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
	r = staging_copy_fd(in, out);
	return r < 0 ? fail_errno(f, -r, NULL, "%s", path) : 0;
}

int staging_link_all(const struct staging *staging, const char *from, const char *except,
		     const char *name, struct failure *f)
{
	auto_dir DIR *dir = opendir(from);
	int r = staging_make_dir(staging, name, f);

	if (!dir)
		return fail_errno(f, errno, NULL, "%s", from);
	for (struct dirent *entry; r == 0 && (entry = readdir(dir));) {
		auto_free char *target = xasprintf("%s/%s", from, entry->d_name);
		auto_free char *link = xasprintf("%s/%s", name, entry->d_name);

		if (entry->d_name[0] != '.' && (!except || strcmp(entry->d_name, except) != 0))
			r = staging_link(staging, target, link, f);
	}
	return r;
}
