/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copying a whole tree from a lower to a disk, in a way that can be broken off at any moment. */
#ifndef ROOTOVL_TREE_H
#define ROOTOVL_TREE_H

#include "src/common/failure.h"

#include <stdint.h>

struct tree_count {
	uint64_t entries; /* objects, the top not counted */
	uint64_t bytes;	  /* of regular files, each name */
	uint64_t room;	  /* about what they take of a disk */
	uint64_t refused; /* tree_copy(): files that are listed and cannot be opened; not copied */
};

/*
 * What is asked before each object, with the room that it seems to take, and within a file of fewer
 * blocks than data now and then. Gives 0 or a failure.
 */
typedef int (*tree_room)(void *arg, const struct tree_count *so_far, uint64_t more,
			 struct failure *f);

/*
 * Copies the tree at the descriptor `from` to the one at `to`: contents, holes, owners, modes,
 * times, extended attributes that the target holds, links, hard links, devices. What the target has
 * already stays if type, size, time, mode and owner are the source's: a file gets its time only
 * when its contents are on the disk (syncfs(2)), so one with its time is whole, whatever happened
 * since. A file with a colon in its name that its directory lists and that cannot be opened
 * (ENOENT) is left out: over SMB 1.0 Samba takes what is behind the colon for a stream. Neither
 * tree's links are followed. A mount below `from` is a failure (-EXDEV), for it would not be a part
 * of the lower. `count` is of the source.
 */
int tree_copy(int from, int to, tree_room room, void *arg, struct tree_count *count,
	      struct failure *f);

/* Counts a tree; what is mounted in it is a failure. Reads no contents. Gives 0 or -errno. */
int tree_measure(int dir, struct tree_count *count);

#endif
