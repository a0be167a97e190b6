/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads and writes small files of rootovl itself. */
#pragma once

#include <stddef.h>

/*
 * Reads a text file of at most `max` bytes. A relative path starts at `dirfd`. The caller frees
 * *ret. Returns 0, -EFBIG for a larger file, -EILSEQ if the file contains a NUL, -EINVAL if it is
 * not a regular file, or -errno.
 */
int file_read(int dirfd, const char *path, size_t max, char **ret);

/*
 * Reads at most `max` bytes, text or binary, from the current position to the end of the file, and
 * appends a NUL. The caller frees *ret. Returns the errors of file_read(), but not -EILSEQ.
 */
int file_read_fd(int fd, size_t max, char **ret, size_t *ret_len);

/* Reads the target of a symbolic link. The caller frees *ret. Returns 0 or -errno. */
int file_readlink(int dirfd, const char *path, char **ret);

/* Writes a file atomically, by a temporary file and rename(2). Returns 0 or -errno. */
int file_write(int dirfd, const char *path, const char *text, unsigned mode);

/*
 * Does the same as file_write(), and returns after the data is on the disk (fsync(2)). Otherwise a
 * power cut can leave the new name with an empty file.
 */
int file_write_durable(int dir, const char *name, const char *text, unsigned mode);

/* Writes all bytes at the current position of the descriptor. Returns 0 or -errno. */
int file_write_fd(int fd, const void *data, size_t len);

/* Creates a directory and its parents with mode 0755, unless they exist. Returns 0 or -errno. */
int file_make_dirs(const char *path);

/*
 * Lists all names in an open directory except "." and "..", sorted by their bytes. The caller frees
 * the list. Returns 0 or -errno.
 */
int file_names(int dir, char ***ret);

/*
 * Removes a file, or a folder with its contents. It does not follow links or enter mount points. A
 * path that does not exist is not an error.
 */
void file_remove_tree(const char *path);
