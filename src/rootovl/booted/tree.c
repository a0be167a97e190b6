// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/booted/tree_internal.h"

#include "src/common/macro.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

#define BLOCK	     4096u
#define PENDING_MOST ((uint64_t)64 << 20) /* what a broken-off copy loses at most */
#define DEPTH_MOST   PATH_MAX

uint64_t tree_room_of(const struct stat *st)
{
	uint64_t size = (uint64_t)st->st_size, blocks = (uint64_t)st->st_blocks * 512;

	if (!S_ISREG(st->st_mode))
		return BLOCK;
	/* A sparse one. */
	if (blocks < size / 2)
		size = blocks;
	return (size / BLOCK + 1) * BLOCK;
}

void tree_count_one(struct tree_count *count, const struct stat *st, uint64_t room)
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

bool tree_is_name(const char *name)
{
	return *name && !strchr(name, '/');
}

int tree_pending_settle(struct tree_pending *pending)
{
	int r = 0;

	if (pending->n && syncfs(pending->files[0].fd) < 0)
		r = -errno;
	for (size_t i = 0; i < pending->n; i++)
		if (r == 0 && futimens(pending->files[i].fd, pending->files[i].times) < 0)
			r = -errno;
	tree_pending_drop(pending);
	return r;
}

int tree_pending_add(struct tree_pending *pending, int fd, const struct stat *st)
{
	pending->files[pending->n].fd = fd;
	pending->files[pending->n].times[0] = st->st_atim;
	pending->files[pending->n].times[1] = st->st_mtim;
	pending->n++;
	pending->bytes += (uint64_t)st->st_size;
	if (pending->n < ARRAY_SIZE(pending->files) && pending->bytes < PENDING_MOST)
		return 0;
	return tree_pending_settle(pending);
}

void tree_pending_drop(struct tree_pending *pending)
{
	for (size_t i = 0; i < pending->n; i++)
		close(pending->files[i].fd);
	pending->n = 0;
	pending->bytes = 0;
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
		tree_count_one(count, &st, tree_room_of(&st) / names);
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
