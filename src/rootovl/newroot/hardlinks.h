/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hard links: which objects with several names were copied, and as what. The copy is held by a
 * descriptor, so it is itself or gone, never another object that took its name or its number.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#define HARDLINK_BUCKETS 1024

struct hardlink {
	struct hardlink *next;
	ino_t ino;    /* of the source */
	nlink_t left; /* names of the source that were not seen yet */
	bool stays;   /* its first name is still in the source */
	int fd;	      /* the copy */
};

struct hardlinks {
	struct hardlink *buckets[HARDLINK_BUCKETS];
	size_t n;
};

/*
 * Remembers the copy of an object that has several names, and was not met before; takes `fd` over.
 * An entry lives as long as names are left that were not seen, and so does the inode: its number is
 * not used again meanwhile, even if the names that were seen are gone.
 */
void hardlinks_add(struct hardlinks *links, const struct stat *st, bool stays, int fd);

/* The copy of that object: a descriptor that stays the map's, or -ENOENT. */
int hardlinks_find(const struct hardlinks *links, const struct stat *st);

/* One more of its names was seen. */
void hardlinks_seen(struct hardlinks *links, const struct stat *st);
void hardlinks_forget(struct hardlinks *links, const struct stat *st);

/*
 * Forgets what stays in the source: another rule meets the same names again, and what it makes of
 * them must not be tied to what the first one made.
 */
void hardlinks_forget_staying(struct hardlinks *links);
void hardlinks_done(struct hardlinks *links);
