/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Maps each copied inode with several names to its copy, to keep hard links. The map holds a
 * descriptor of the copy: another file that gets the same name or inode number is never mistaken
 * for it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#define HARDLINK_BUCKETS 1024

struct hardlink {
	struct hardlink *next;
	ino_t ino;    /* the inode number of the source */
	nlink_t left; /* how many names of the source were not met yet */
	bool stays;   /* the first name is still in the source */
	int fd;	      /* the descriptor of the copy */
};

struct hardlinks {
	struct hardlink *buckets[HARDLINK_BUCKETS];
	size_t n;
};

/*
 * Adds the copy of an inode that has several names and is met for the first time. Takes over `fd`.
 * The entry is kept while some names were not met yet. The inode exists that long too, so its
 * number is not used for another file.
 */
void hardlinks_add(struct hardlinks *links, const struct stat *st, bool stays, int fd);

/* Returns the descriptor of the copy, owned by the map, or -ENOENT. */
int hardlinks_find(const struct hardlinks *links, const struct stat *st);

/* Counts one more name of the inode as met, and removes the entry after the last name. */
void hardlinks_seen(struct hardlinks *links, const struct stat *st);
void hardlinks_forget(struct hardlinks *links, const struct stat *st);

/*
 * Removes the entries whose names stay in the source. Another rule meets these names again, and
 * must not link its copies to those of the first rule.
 */
void hardlinks_forget_staying(struct hardlinks *links);
void hardlinks_done(struct hardlinks *links);
