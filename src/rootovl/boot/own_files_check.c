// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Checks at the start of `rootovl boot` whether a later initrd replaced a file of the image that
 * the boot needs. The kernel unpacks such an initrd over the image without a message.
 */
#include "src/rootovl/boot/own_files_check.h"

#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/rootovl/settings/own_files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAMED 4 /* so many files are named; the others are counted */

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static uint64_t sum_of_file(int dir, const char *path)
{
	auto_close int fd = openat(dir, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	uint64_t sum = OWN_FILES_SUM;
	char data[16 * 1024];
	ssize_t n;

	while (fd >= 0 && (n = read(fd, data, sizeof(data))) > 0)
		sum = own_files_sum(sum, data, (size_t)n);
	return sum;
}

static uint64_t sum_of_link(int dir, const char *path)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(dir, path, target, sizeof(target));

	return own_files_sum(OWN_FILES_SUM, target, n > 0 ? (size_t)n : 0);
}

/*
 * Returns whether the file was replaced. All files of an image have the same time, and the kernel
 * keeps it, so only a file with another time is read.
 */
static bool is_replaced(int dir, const struct own_file *file, const struct timespec *time)
{
	struct stat st;

	if (fstatat(dir, file->path, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return true;
	if (!S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode))
		return true;
	if ((uint64_t)st.st_size != file->size)
		return true;
	if (S_ISLNK(st.st_mode))
		return sum_of_link(dir, file->path) != file->sum;
	return !same_time(&st.st_mtim, time) && sum_of_file(dir, file->path) != file->sum;
}

/* Returns the unit that systemd would use instead of this one, or NULL. */
static char *place_taken(int dir, const char *path)
{
	static const char units[] = "usr/lib/systemd/system/";
	auto_free char *other = NULL;

	if (strncmp(path, units, strlen(units)) != 0 || strchr(path + strlen(units), '/'))
		return NULL;
	other = xasprintf("etc/systemd/system/%s", path + strlen(units));
	return faccessat(dir, other, F_OK, AT_SYMLINK_NOFOLLOW) == 0 ? STEAL(other) : NULL;
}

static char *warning(char *const *names)
{
	size_t n = strv_len(names), named = n > NAMED ? NAMED : n;
	auto_free char *list = xstrdup("");

	for (size_t i = 0; i < named; i++)
		set_text(&list, xasprintf("%s%s/%s", list, i ? ", " : "", names[i]));
	if (n > named)
		set_text(&list, xasprintf("%s and %zu more", list, n - named));
	return xasprintf("a later initrd replaced files of the image that this boot rests on: %s "
			 "(initrd-builder verify tells which initrd)",
			 list);
}

char *own_files_check(int dir)
{
	auto_free char *text = NULL;
	auto_strv char **lines = NULL, **names = NULL;
	struct stat record;

	if (file_read(dir, OWN_FILES, OWN_FILES_MAX, &text) < 0 ||
	    fstatat(dir, OWN_FILES, &record, AT_SYMLINK_NOFOLLOW) < 0)
		return NULL;
	lines = strv_split(text, "\n");
	for (char **line = lines; line && *line; line++) {
		struct own_file file;
		char *taken;

		if (!own_files_parse(*line, &file))
			continue;
		if (is_replaced(dir, &file, &record.st_mtim))
			strv_add(&names, xstrdup(file.path));
		taken = place_taken(dir, file.path);
		if (taken)
			strv_add(&names, taken);
	}
	return names ? warning(names) : NULL;
}
