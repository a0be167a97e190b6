/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A directory of the new root, as its two layers have it. Inside librootovl only: newroot.h is
 * what the steps of the plan use.
 *
 * A struct rootdir is unique while it is in use: who asks twice for one directory gets it twice,
 * so what one of them makes, the other sees. It holds its parent, and with that a descriptor of
 * each layer for every directory on the way.
 *
 * Functions give -errno and make no failure record: only the caller knows what it was all for.
 */
#pragma once

#include "src/rootovl/newroot/names.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#define DIR_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

struct rootdir {
	struct newroot *nr;
	struct rootdir *parent;	  /* held; NULL for the root */
	struct rootdir *children; /* those in use, which hold this one */
	struct rootdir *sibling;
	unsigned int refs;

	int upper; /* -1: the upper has no such directory, yet */
	int lower; /* -1: the lower has none, or it is hidden */

	struct names *lower_names; /* what the lower holds, once that has been read */
	unsigned int lower_asked;  /* how often the lower was asked for a name */
	bool lower_endless;	   /* it holds too many to be listed */
	char *lower_lacks;	   /* the last name that it did not have */

	bool writable;	 /* make_writable() was here */
	bool inherits;	 /* what is made in it gets its group or its ACL */
	bool keep_times; /* times[] are set when it is no longer in use */
	struct timespec times[2];
	char name[];
};

struct newroot {
	struct rootdir *root;
	uid_t uid; /* the owner of what this process makes */
	gid_t gid;
	uint64_t hidden;	 /* objects of the lower that what was made here hides */
	uint64_t xattrs_skipped; /* attributes that the upper cannot hold */
};

enum layer {
	LAYER_NONE,
	LAYER_UPPER,
	LAYER_LOWER,
};

struct entry {
	enum layer layer; /* LAYER_NONE: the new root has no such name */
	mode_t type;	  /* S_IFMT bits of st_mode */
	bool whiteout;	  /* absent, because the upper says so */
};

struct rootdir *rootdir_ref(struct rootdir *dir);
void rootdir_put(struct rootdir *dir);
void rootdir_cleanup(struct rootdir **dir);
#define auto_rootdir __attribute__((cleanup(rootdir_cleanup)))

/* Its path from the root, free of links; owned by the caller. */
char *rootdir_path(const struct rootdir *dir);

/* Takes the descriptors over. */
struct rootdir *rootdir_new(struct rootdir *parent, const char *name, int upper, int lower);
int rootdir_lookup(struct rootdir *dir, const char *name, struct entry *ret);
int rootdir_readlink(struct rootdir *dir, const char *name, char **ret);

/* The descriptor of the layer that has the entry. */
int rootdir_layer(const struct rootdir *dir, const struct entry *entry);

/* Gives the directory `name`, not followed: -ENOENT, -ELOOP for a link, -ENOTDIR for the rest. */
int rootdir_child(struct rootdir *dir, const char *name, struct rootdir **ret);

/* What the lower has by that name, as S_IFMT bits; 0: nothing, or all of it is hidden. */
int rootdir_lower_type(struct rootdir *dir, const char *name, mode_t *ret);
