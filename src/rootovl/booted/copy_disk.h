/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Manages the disk with the copies of lowers in the booted system: the directories of the copies,
 * and the free space.
 */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/booted/copy_evict.h"
#include "src/rootovl/booted/tree_measure.h"

#include <stdbool.h>

struct copy_disk {
	const char *id;		   /* the ID of the new copy, owned by the caller */
	int ours, cache, dir;	   /* DISK_OURS, CACHE_DIR in it, and the copy's directory there */
	struct copy_entry *others; /* the other copies, complete or not */
	size_t n_others;
	bool cleaned; /* the uppers of earlier boots have been removed */
};

/*
 * Makes the copies writable for this process and opens the directory of the copy `id`, which is
 * created if needed. Returns 0 or -errno. Release with copy_disk_close() in both cases.
 */
int copy_disk_open(struct copy_disk *disk, const char *id, struct failure *f);
void copy_disk_close(struct copy_disk *disk);

/* Lists the other copies, once, for copy_disk_make_room(). */
void copy_disk_list(struct copy_disk *disk);

/*
 * Removes dir/name. It is renamed first, so the name is free at once. rootovl-clean.service removes
 * the files that cannot be removed now. Returns 0 or -errno.
 */
int copy_disk_remove(struct copy_disk *disk, int dir, const char *name);

/*
 * The tree_room of tree_copy(): makes room for `more` bytes by removing uppers of earlier boots and
 * other copies. Returns 0, -EFBIG if the copy takes more than a copy may, or -ENOSPC.
 */
int copy_disk_make_room(void *arg, const struct tree_count *so_far, uint64_t more,
			struct failure *f);
