// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/booted/tree_measure.h"

#include "src/common/macro.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

#define BLOCK	   4096u
#define DEPTH_MOST PATH_MAX

uint64_t tree_measure_room(const struct stat *st)
{
	uint64_t size = (uint64_t)st->st_size, blocks = (uint64_t)st->st_blocks * 512;

	if (!S_ISREG(st->st_mode))
		return BLOCK;
	/* A sparse one. */
	if (blocks < size / 2)
		size = blocks;
	return (size / BLOCK + 1) * BLOCK;
}

void tree_measure_add(struct tree_count *count, const struct stat *st, uint64_t room)
{
	count->entries++;
	count->room += room;
	if (S_ISREG(st->st_mode))
		count->bytes += (uint64_t)st->st_size;
}

bool tree_is_dots(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

static int measure(int dir, dev_t dev, struct tree_count *count, unsigned depth)
{
	auto_dir DIR *list = fdopendir(openat(dir, ".", TREE_DIR_FLAGS));
	const struct dirent *entry;
	int r = 0;

	if (!list)
		return -errno;
	if (depth > DEPTH_MOST)
		return -ELOOP;
	while (r == 0 && (errno = 0, entry = readdir(list))) {
		auto_close int below = -1;
		struct stat st;
		nlink_t names;

		if (tree_is_dots(entry->d_name))
			continue;
		if (fstatat(dir, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			return -errno;
		if (st.st_dev != dev)
			return -EXDEV;
		names = S_ISDIR(st.st_mode) || !st.st_nlink ? 1 : st.st_nlink;
		tree_measure_add(count, &st, tree_measure_room(&st) / names);
		if (!S_ISDIR(st.st_mode))
			continue;
		below = openat(dir, entry->d_name, TREE_DIR_FLAGS);
		r = below < 0 ? -errno : measure(below, dev, count, depth + 1);
	}
	return r < 0 ? r : -errno;
}

int tree_measure(int dir, struct tree_count *count)
{
	struct stat st;

	*count = (struct tree_count){ 0 };
	return fstat(dir, &st) < 0 ? -errno : measure(dir, st.st_dev, count, 0);
}
