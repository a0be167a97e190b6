/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of tree.h share. */
#ifndef ROOTOVL_TREE_INTERNAL_H
#define ROOTOVL_TREE_INTERNAL_H

#include "src/rootovl/booted/tree.h"

#include <stdbool.h>
#include <sys/stat.h>

#define TREE_DIR_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/* About what an object takes of a disk, bytes. */
uint64_t tree_room_of(const struct stat *st);

/* `room`: what this name of it takes more. */
void tree_count_one(struct tree_count *count, const struct stat *st, uint64_t room);

/* "." and "..", and what no file system of this kernel may give: a name that is a path. */
bool tree_is_dots(const char *name);
bool tree_is_name(const char *name);

/*
 * Files that have all but their times, which they get when their contents are durable. Their
 * descriptors stay open until then.
 */
struct tree_pending {
	struct {
		int fd;
		struct timespec times[2];
	} files[512];
	size_t n;
	uint64_t bytes;
};

/* Takes the descriptor over. Gives 0 or -errno, which may be another file's. */
int tree_pending_add(struct tree_pending *pending, int fd, const struct stat *st);
int tree_pending_settle(struct tree_pending *pending);
void tree_pending_drop(struct tree_pending *pending);

#endif
