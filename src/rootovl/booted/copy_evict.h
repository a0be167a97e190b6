/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chooses the copy of a lower that is evicted to make room for another. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* A copy, complete or not. */
struct copy_entry {
	char *id;
	int64_t used;	  /* when it was last made or mounted, seconds since 1970 */
	uint64_t room;	  /* bytes that it takes of the disk */
	uint64_t objects; /* and inodes */
};

/* The file system that the copies are on. */
struct copy_space {
	uint64_t size, available;     /* bytes */
	uint64_t inodes, inodes_free; /* 0: as many as wanted */
};

enum {
	COPY_EVICT_NONE = -1,	/* there is room */
	COPY_EVICT_LARGER = -2, /* the new copy is too large even alone */
	COPY_EVICT_FULL = -3, /* evicting all would not make room now: other files fill the disk */
};

/*
 * Chooses the copy to evict before the new copy grows. Copies may take half of the file system, and
 * must leave a tenth of it and of its inodes free. The new copy takes `part` bytes already, and
 * needs `more`. Returns the index of the least recently used copy, or one of the codes above.
 */
int copy_evict(const struct copy_entry *others, size_t n, uint64_t part, uint64_t more,
	       const struct copy_space *space);
