// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/commands/job_results.h"

#include "src/common/files.h"
#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT_MAX 1000 /* as lkp-exec/qemu's */

/*
 * The folder in a folder, made where it is not there. A link is refused: a machine may have left it
 * among its results.
 */
static int enter(int *fd, const char *name)
{
	int next;

	if (mkdirat(*fd, name, 0755) < 0 && errno != EEXIST)
		return -errno;
	next = openat(*fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (next < 0)
		return -errno;
	close(*fd);
	*fd = next;
	return 0;
}

static int count(int fd, unsigned *ret)
{
	for (*ret = 0; *ret < COUNT_MAX; ++*ret) {
		char name[16];

		snprintf(name, sizeof(name), "%u", *ret);
		if (mkdirat(fd, name, 0755) == 0)
			return 0;
		if (errno != EEXIST)
			return -errno;
	}
	return -EMFILE;
}

static int make_counted(const char *box, const char *result_root, char **ret, struct failure *f)
{
	auto_strv char **parts = strv_split(result_root, "/");
	auto_close int fd = open(box, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	size_t n = strv_len(parts), first = n && !strcmp(parts[0], "result");
	auto_free char *path = xasprintf("%s/results", box);
	unsigned number = 0;
	int r = fd < 0 ? -errno : enter(&fd, "results");

	for (size_t i = first; r == 0 && i + 1 < n; i++) {
		set_text(&path, xasprintf("%s/%s", path, parts[i]));
		if (!strcmp(parts[i], "..") || !strcmp(parts[i], "."))
			return fail(f, EINVAL, NULL, "result_root: %s: it leads out", result_root);
		r = enter(&fd, parts[i]);
	}
	if (r == 0)
		r = count(fd, &number);
	if (r < 0)
		return fail_errno(f, -r, "remove old results", "%s", path);
	*ret = xasprintf("%s/%u", path, number);
	return 0;
}

int job_results_make(const char *box, const char *result_root, char **ret, struct failure *f)
{
	auto_free char *path = NULL;

	if (result_root && *result_root)
		return make_counted(box, result_root, ret, f);
	path = xasprintf("%s/result", box);
	/* A machine can make folders so deep that they stay. */
	file_remove_tree(path);
	if (mkdir(path, 0755) < 0)
		return fail_errno(f, errno, "empty it by rm -r", "%s", path);
	*ret = STEAL(path);
	return 0;
}
