/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Creates objects in the new root: in the upper, as overlayfs would. */
#pragma once

#include "src/rootovl/newroot/rootdir.h"

#include <sys/stat.h>

/* Creates an object. Returns a descriptor or 0; -EEXIST or another -errno on failure. */
typedef int rootdir_make(int dirfd, const char *name, const void *what);

rootdir_make rootdir_make_file; /* `what`: its mode_t; returns a descriptor for writing */
rootdir_make rootdir_make_link; /* `what`: its target */

/* Says which objects may be removed to create a new one. */
enum room {
	ROOM_NONE,   /* nothing: -EEXIST */
	ROOM_NO_DIR, /* anything except a directory, which gives -EISDIR */
	ROOM_ALL,    /* also an empty directory; -EISDIR if it is not empty */
};

/*
 * Creates the object `name`, which is no directory, and replaces the old one as `room` allows.
 * Returns what `make` returns, or -errno.
 */
int rootdir_place(struct rootdir *dir, const char *name, enum room room, rootdir_make *make,
		  const void *what);

/*
 * Removes an object of the upper that is no directory, and leaves no whiteout. Returns 0 or -errno.
 */
int rootdir_forget(struct rootdir *dir, const char *name);

/* Says what happens to a name that is no directory of the new root. */
enum enter {
	ENTER_MISSING, /* create it if the name is free, otherwise -EEXIST */
	ENTER_REPLACE, /* create it, and replace any other object */
};

/*
 * Opens the subdirectory `name`, and follows links; creates it (0755, root) if it is missing.
 * *ret_made says whether it was created. A link that leads to no directory, or to itself, counts as
 * another object.
 */
int rootdir_enter(struct rootdir *dir, const char *name, enum enter enter, struct rootdir **ret,
		  bool *ret_made);

/* Opens or creates each component of `path` as rootdir_enter() does. `path` has no "..". */
int rootdir_enter_path(struct rootdir *start, const char *path, enum enter enter,
		       struct rootdir **ret);

/*
 * Gives an object in `dir`, created with the mode `made`, the owner and mode of `want`, and removes
 * inherited ACLs. Skips system calls that change nothing.
 */
#define MODE_UNKNOWN ((mode_t)-1) /* the object is older, and may have another owner */
int rootdir_give(const struct rootdir *dir, int fd, const struct stat *want, mode_t made);
int rootdir_give_at(const struct rootdir *dir, const char *name, const struct stat *want);
