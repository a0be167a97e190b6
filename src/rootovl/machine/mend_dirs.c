// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/machine/mend_dirs.h"

#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/settings/image_dirs.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <string.h>
#include <sys/stat.h>

static void mend(const char *path, const char *shown, dev_t dev)
{
	auto_close int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	const struct image_dir *row = image_dirs_find(shown);
	struct stat st;

	if (fd < 0 || !row || fstat(fd, &st) < 0 || st.st_dev != dev ||
	    (st.st_uid == 0 && st.st_gid == 0 && (st.st_mode & 07777) == row->mode))
		return;
	if (fchown(fd, 0, 0) < 0 || fchmod(fd, row->mode) < 0)
		log_line(LOG_WARNING, "%s: its owner and mode cannot be mended: %s", shown,
			 strerror(errno));
	else
		log_line(LOG_NOTICE, "%s: mode %04o and owner %u:%u are %04o and 0:0 again", shown,
			 st.st_mode & 07777, st.st_uid, st.st_gid, row->mode);
}

void mend_dirs(const char *top)
{
	auto_free char *root = xasprintf("%s/", top);
	struct stat st;

	if (stat(root, &st) < 0)
		return;
	for (const struct image_dir *row = image_dirs; row->pattern; row++) {
		auto_free char *pattern = xasprintf("%s%s", top, row->pattern);
		glob_t found;

		if (glob(pattern, GLOB_NOSORT, NULL, &found) != 0)
			continue;
		for (size_t i = 0; i < found.gl_pathc; i++)
			mend(found.gl_pathv[i], found.gl_pathv[i] + strlen(top), st.st_dev);
		globfree(&found);
	}
}
