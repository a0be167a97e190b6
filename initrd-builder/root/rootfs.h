/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A root file system's directory on the machine that builds. Paths in it are resolved inside it:
 * its links, absolute ones too, never lead outside (openat2(2), RESOLVE_IN_ROOT; by hand before
 * Linux 5.6).
 */
#pragma once

#include "src/common/failure.h"

#include <stddef.h>

struct rootfs {
	int fd;
	char *path; /* as it was given */
};

int rootfs_open(const char *path, struct rootfs *ret, struct failure *f);

/*
 * Opens the root at the path `below` a directory, of which no step is a link: what others put in a
 * root's place leads nowhere. `shown` is its path, for people. Gives 0 or -errno.
 */
int rootfs_open_below(int dir_fd, const char *below, const char *shown, struct rootfs *ret,
		      struct failure *f);
void rootfs_close(struct rootfs *root);

/* Opens what `path` names in the root. Gives a descriptor or -errno. */
int rootfs_openat(const struct rootfs *root, const char *path, int flags);

/* Opens the regular file, for reading, that an O_PATH descriptor is of. Gives -EINVAL for others,
 * which it does not open: that alone can wait, or do something. */
int rootfs_reopen(int fd);

/*
 * Opens a regular file, for reading, if that which `path` names lies, every link resolved, below
 * the directory `top` of the root. Gives a descriptor or -errno.
 */
int rootfs_open_within(const struct rootfs *root, const char *path, const char *top);

/* Where on this machine an open file is. Gives 0 or -errno. */
int rootfs_place(int fd, char **ret);

/* Reads a text file of at most `max` bytes, as file_read() does. Gives 0 or -errno. */
int rootfs_read(const struct rootfs *root, const char *path, size_t max, char **ret);
