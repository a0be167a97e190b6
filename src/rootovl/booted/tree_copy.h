/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies a whole tree from a lower to a disk. The copy can be interrupted at any moment. */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/booted/tree_measure.h"

#include <stdint.h>

/*
 * Called before each object with the bytes that it seems to take, and now and then within a file of
 * fewer blocks than data. Returns 0, or a failure, which ends the copying.
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
