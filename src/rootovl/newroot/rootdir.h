/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Represents a directory of the new root in its two layers. Only files of newroot/ use it; the
 * steps of the plan use newroot.h.
 *
 * A struct rootdir is unique while it is in use. Two callers that open the same directory share one
 * struct, so each sees what the other creates. The struct holds a reference to its parent, so every
 * directory on the way has an open descriptor for each layer.
 *
 * Functions return -errno and record no failure, because only the caller knows the purpose.
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
	struct rootdir *parent;	  /* a reference; NULL for the root */
	struct rootdir *children; /* the children in use; each holds a reference to this one */
	struct rootdir *sibling;
	unsigned int refs;

	int upper; /* -1 if the upper has no such directory yet */
	int lower; /* -1 if the lower has none, or it is hidden */

	struct names *lower_names; /* the lower's names, once they were read */
	unsigned int lower_asked;  /* how many names were looked up in the lower */
	bool lower_endless;	   /* the lower has too many names to list */
	char *lower_lacks;	   /* the last name that the lower did not have */

	bool writable;	 /* make_writable() has succeeded */
	bool inherits;	 /* new objects inherit its group or ACL */
	bool keep_times; /* restore times[] when the last user is gone */
	struct timespec times[2];
	char name[];
};

struct newroot {
	struct rootdir *root;
	uid_t uid; /* the owner of objects that this process creates */
	gid_t gid;
	uint64_t hidden;	 /* number of the lower's objects that new ones hide */
	uint64_t xattrs_skipped; /* number of attributes that the upper does not support */
};

enum layer {
	LAYER_NONE,
	LAYER_UPPER,
	LAYER_LOWER,
};

struct entry {
	enum layer layer; /* LAYER_NONE: the new root has no such name */
	mode_t type;	  /* S_IFMT bits of st_mode */
	bool whiteout;	  /* absent because of a whiteout in the upper */
};

struct rootdir *rootdir_ref(struct rootdir *dir);
void rootdir_put(struct rootdir *dir);
void rootdir_cleanup(struct rootdir **dir);
#define auto_rootdir __attribute__((cleanup(rootdir_cleanup)))

/* Returns the path from the root, without links; owned by the caller. */
char *rootdir_path(const struct rootdir *dir);

/* Creates a directory with one reference. Takes over both descriptors. */
struct rootdir *rootdir_new(struct rootdir *parent, const char *name, int upper, int lower);
int rootdir_lookup(struct rootdir *dir, const char *name, struct entry *ret);
int rootdir_readlink(struct rootdir *dir, const char *name, char **ret);

/* Returns the descriptor of the directory in the layer that has the entry. */
int rootdir_layer(const struct rootdir *dir, const struct entry *entry);

/*
 * Opens the subdirectory `name` in *ret, without following a link. Returns 0, -ENOENT, -ELOOP for a
 * link, or -ENOTDIR for any other type.
 */
int rootdir_child(struct rootdir *dir, const char *name, struct rootdir **ret);

/*
 * Returns in *ret the S_IFMT bits of the lower's object with that name; 0 if there is none, or if
 * the upper hides the whole directory.
 */
int rootdir_lower_type(struct rootdir *dir, const char *name, mode_t *ret);
