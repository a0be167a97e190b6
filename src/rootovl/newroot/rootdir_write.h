/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making things in the new root: in the upper, as if it were done through the overlay. */
#pragma once

#include "src/rootovl/newroot/rootdir.h"

#include <sys/stat.h>

/* What makes an object: gives a descriptor, 0, or -EEXIST or another -errno. */
typedef int rootdir_make(int dirfd, const char *name, const void *what);

rootdir_make rootdir_make_file; /* `what`: its mode_t; gives a descriptor to write to */
rootdir_make rootdir_make_link; /* `what`: its target */

/* What is removed to make room. */
enum room {
	ROOM_NONE,   /* nothing: -EEXIST */
	ROOM_NO_DIR, /* anything but a directory: -EISDIR */
	ROOM_ALL,    /* an empty directory too; -EISDIR where there is something in it */
};

/* Makes the object `name`, which is no directory, in the place of what is there. */
int rootdir_place(struct rootdir *dir, const char *name, enum room room, rootdir_make *make,
		  const void *what);

/* Removes what the upper has by this name, which is no directory, and leaves no whiteout. */
int rootdir_forget(struct rootdir *dir, const char *name);

/* What a name that is not a directory of the new root becomes. */
enum enter {
	ENTER_MISSING, /* made if there is nothing; -EEXIST if there is something else */
	ENTER_REPLACE, /* made, in place of what is there */
};

/*
 * Gives the directory `name`, links followed, or makes it (0755, root). `ret_made` tells that it
 * was made; a link to nothing, to itself or to no directory counts as something else.
 */
int rootdir_enter(struct rootdir *dir, const char *name, enum enter enter, struct rootdir **ret,
		  bool *ret_made);

/* The same for each component of `path`, which has no "..". */
int rootdir_enter_path(struct rootdir *start, const char *path, enum enter enter,
		       struct rootdir **ret);

/*
 * Gives what was made in `dir`, with the mode `made`, the owner and mode of `want`, and takes back
 * what it inherited. Only the calls that are needed are made.
 */
#define MODE_UNKNOWN ((mode_t)-1) /* it was there before, and may belong to somebody else */
int rootdir_give(const struct rootdir *dir, int fd, const struct stat *want, mode_t made);
int rootdir_give_at(const struct rootdir *dir, const char *name, const struct stat *want);
