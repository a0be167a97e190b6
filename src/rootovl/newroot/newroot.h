/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads and writes the new root before it is mounted. It computes what the overlay will show from
 * the read-only lower and the directory of the upper, and writes directly to the upper.
 *
 * Every path is resolved inside the new root, one component at a time on directory descriptors.
 * This code follows links itself, and ".." at the root stays at the root. So no file of a lower or
 * a payload can make a read or a write leave the root.
 *
 * To create something in a directory that only the lower has, the directory is first created in the
 * upper. The new directory gets the owner, mode and extended attributes of the lower's. An upper
 * directory that hides one of the lower is marked opaque (Documentation/filesystems/overlayfs.rst,
 * "whiteouts and opaque directories"). Works on every kernel from 4.19, without openat2(2).
 *
 * An upper that was kept from an earlier boot is read as overlayfs reads it, with whiteouts and
 * opaque directories. Two features are not supported, because our mounts do not enable them:
 * renamed directories (redirect_dir) and files without contents (metacopy).
 */
#pragma once

#include "src/common/failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

struct newroot;

/*
 * Opens the new root with this directory as its lower. It is read-only until newroot_set_upper().
 * The caller keeps the descriptor.
 */
int newroot_open(int lower_fd, struct newroot **ret, struct failure *f);
void newroot_close(struct newroot *nr);

/*
 * Sets the upper, once. The caller keeps the descriptor. An empty upper gets the owner, mode, times
 * and attributes of the lower's root directory, because the overlay shows the one of the upper. If
 * only root may pass the root directory, all users may pass it afterwards.
 */
int newroot_set_upper(struct newroot *nr, int upper_fd, struct failure *f);

/*
 * Reads the attributes of a path inside the root, and follows links; the last one only if `follow`.
 * Returns 0, or -ENOENT, -ELOOP, -ENOTDIR … as stat(2) does. Records no failure, because absence is
 * often a valid answer.
 */
int newroot_stat(struct newroot *nr, const char *path, bool follow, struct stat *ret);

/*
 * Returns whether the path is a regular file that only the lower has. Does not follow a link in the
 * last component.
 */
bool newroot_is_lower_file(struct newroot *nr, const char *path);

/* Returns whether the upper has a directory at this path that is not empty. Follows links. */
bool newroot_upper_fills(struct newroot *nr, const char *path);

/*
 * Returns the names in a directory of both layers, without duplicates and devices, in no order.
 * Follows links. The caller owns the list. Returns -EFBIG if a layer has more than `max` names.
 */
int newroot_names(struct newroot *nr, const char *path, size_t max, char ***ret);

/*
 * Reads a regular file of at most `max` bytes (otherwise -EFBIG), and follows links. The text ends
 * with a NUL.
 */
int newroot_read(struct newroot *nr, const char *path, size_t max, char **ret, size_t *ret_len);

/*
 * Returns 1 if the object has this extended attribute, 0 if not. Follows links. Returns -EOPNOTSUPP
 * if the layer of the object does not support such attributes, or another -errno.
 */
int newroot_has_xattr(struct newroot *nr, const char *path, const char *name);

/* Reads the target of a symbolic link; owned by the caller. */
int newroot_readlink(struct newroot *nr, const char *path, char **ret);

/*
 * Writes a regular file at `path`, and creates missing directories (0755, root). Replaces a file, a
 * link or an empty directory; -EISDIR if the directory is not empty. -ENOTDIR if a link on the way
 * does not lead to a directory.
 */
int newroot_write(struct newroot *nr, const char *path, const void *data, size_t len, mode_t mode,
		  struct failure *f);

/*
 * Writes a file as newroot_write() does, with the owner, group and mode in `like`, mostly those of
 * the old file.
 */
int newroot_replace(struct newroot *nr, const char *path, const void *data, size_t len,
		    const struct stat *like, struct failure *f);

/* Creates a symbolic link at `path`, by the rules of newroot_write(). */
int newroot_symlink(struct newroot *nr, const char *target, const char *path, struct failure *f);

/*
 * Removes a file or link from the upper, so that the lower's is visible again. Does nothing if the
 * upper has none.
 */
int newroot_forget(struct newroot *nr, const char *path, struct failure *f);

/*
 * Records that creating something in the new root failed: "NAME: reason". If the upper is full, the
 * hint names the parameter to raise. Returns -code.
 */
int newroot_fail(struct newroot *nr, struct failure *f, int code, const char *fmt, ...)
	PRINTF_LIKE(4, 5);
