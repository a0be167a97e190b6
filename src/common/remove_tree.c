// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/files.h"

#include <ftw.h>
#include <stdio.h>

#define DIRS_OPEN 16 /* descriptors that are used at a time */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	remove(path);
	return 0;
}

void remove_tree(const char *path)
{
	nftw(path, remove_one, DIRS_OPEN, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}
