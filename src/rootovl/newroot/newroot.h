/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The new root before it is mounted: what the overlay will show, computed from the read-only
 * lower and the upper's directory, and written straight into the upper.
 *
 * Every path is resolved inside the new root, component by component on directory descriptors,
 * links read and followed by hand (".." above the root stays at the root): nothing that a lower
 * or a payload holds can lead a read or a write outside. A directory that only the lower has is
 * made in the upper, with its owner, mode and extended attributes, when something is put below it;
 * an upper directory that replaces a hidden lower one is marked opaque
 * (Documentation/filesystems/overlayfs.rst, "whiteouts and opaque directories").
 * Works on every kernel from 4.19 (no openat2).
 *
 * An upper that was kept is read as overlayfs reads it, whiteouts and opaque directories and all,
 * but for two things that only exist where the mount asked for them: directories that were renamed
 * (redirect_dir) and files without their contents (metacopy).
 */
#pragma once

#include "src/common/failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

struct newroot;

/*
 * Opens the new root whose lower is this directory; nothing can be written so far. The descriptor
 * stays the caller's.
 */
int newroot_open(int lower_fd, struct newroot **ret, struct failure *f);
void newroot_close(struct newroot *nr);

/*
 * Gives it its upper, once; the descriptor stays the caller's. An upper with nothing in it gets
 * owner, mode, times and attributes of the lower's root directory, for it is the upper's that the
 * overlay shows. One that only root may pass becomes one that all may.
 */
int newroot_set_upper(struct newroot *nr, int upper_fd, struct failure *f);

/*
 * Looks a path up, its links followed, the last one too when `follow`. Gives -ENOENT, -ELOOP,
 * -ENOTDIR … as stat(2) does inside the root; no failure record, for absence is often an answer.
 */
int newroot_stat(struct newroot *nr, const char *path, bool follow, struct stat *ret);

/* Is it a regular file that the upper does not have? A last link is not followed. */
bool newroot_is_lower_file(struct newroot *nr, const char *path);

/* Has the upper a directory at this path, links followed, with anything in it? */
bool newroot_upper_fills(struct newroot *nr, const char *path);

/*
 * Gives the names in a directory, links followed, those of both layers once, without devices: a
 * list in no order, owned by the caller. -EFBIG where there are more than `max` in a layer.
 */
int newroot_names(struct newroot *nr, const char *path, size_t max, char ***ret);

/* Reads a regular file of at most `max` bytes (-EFBIG), its links followed; a NUL is put behind. */
int newroot_read(struct newroot *nr, const char *path, size_t max, char **ret, size_t *ret_len);

/*
 * Has the object, links followed, this extended attribute? Gives 1, 0, -EOPNOTSUPP where the layer
 * that has it keeps no such attributes, or another -errno.
 */
int newroot_has_xattr(struct newroot *nr, const char *path, const char *name);

/* Reads the target of a link that is not followed; owned by the caller. */
int newroot_readlink(struct newroot *nr, const char *path, char **ret);

/*
 * Puts a regular file at `path`, missing directories made (0755, root); an existing file or link is
 * replaced, a directory is not (-EISDIR) unless it is empty. A link on the way that leads to no
 * directory is a failure (-ENOTDIR).
 */
int newroot_write(struct newroot *nr, const char *path, const void *data, size_t len, mode_t mode,
		  struct failure *f);

/* The same, with the owner, group and mode of `like`: what was there before, as a rule. */
int newroot_replace(struct newroot *nr, const char *path, const void *data, size_t len,
		    const struct stat *like, struct failure *f);

/* Puts a symbolic link at `path`, in the same way. */
int newroot_symlink(struct newroot *nr, const char *target, const char *path, struct failure *f);

/* Takes a file or a link away that the upper has, so that the lower's is seen again; without one:
 * nothing. */
int newroot_forget(struct newroot *nr, const char *path, struct failure *f);

/*
 * Records that making something in the new root failed: "NAME: reason". For a full upper the hint
 * says what to raise. Returns -code.
 */
int newroot_fail(struct newroot *nr, struct failure *f, int code, const char *fmt, ...)
	PRINTF_LIKE(4, 5);
