/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A root file system's directory on the machine that builds. Paths in it are resolved inside it:
 * its links, absolute ones too, never lead outside (openat2(2), RESOLVE_IN_ROOT).
 */
#ifndef BUILDER_ROOTFS_H
#define BUILDER_ROOTFS_H

#include "common/failure.h"

#include <stddef.h>

struct rootfs {
	int fd;
	char *path; /* as it was given */
};

int rootfs_open(const char *path, struct rootfs *ret, struct failure *f);
void rootfs_close(struct rootfs *root);

/* Opens what `path` names in the root. Gives a descriptor or -errno. */
int rootfs_openat(const struct rootfs *root, const char *path, int flags);

/* Where on this machine that is, every link resolved. Gives 0 or -errno. */
int rootfs_locate(const struct rootfs *root, const char *path, char **ret);

/* Reads a file of at most `max` bytes, a NUL put behind. Gives 0 or -errno. */
int rootfs_read(const struct rootfs *root, const char *path, size_t max, char **ret);

#endif
