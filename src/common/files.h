/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading and writing small files of our own. */
#pragma once

#include <stddef.h>

/*
 * Reads a whole text file of at most `max` bytes; the result is the caller's. Relative paths are
 * below `dirfd`. Gives 0 or -errno: -EFBIG for a larger one, -EILSEQ for one with a NUL in it,
 * -EINVAL for what is no regular file.
 */
int file_read(int dirfd, const char *path, size_t max, char **ret);

/*
 * Reads a whole file of at most `max` bytes, text or not, from where the descriptor stands,
 * and puts a NUL behind them; the result is the caller's. -EFBIG and -EINVAL as above.
 */
int file_read_fd(int fd, size_t max, char **ret, size_t *ret_len);

/* Reads what a link leads to; the result is the caller's. Gives 0 or -errno. */
int file_readlink(int dirfd, const char *path, char **ret);

/* Writes a file whole or not at all: a temporary name, then rename(2). Gives 0 or -errno. */
int file_write(int dirfd, const char *path, const char *text, unsigned mode);

/*
 * The same below a directory of a disk, and on the disk when it returns: file systems put a new
 * name there many seconds before what is in the file (fsync(2)).
 */
int file_write_durable(int dir, const char *name, const char *text, unsigned mode);

/* Writes all of it where the descriptor stands. Gives 0 or -errno. */
int file_write_fd(int fd, const void *data, size_t len);

/* Makes a directory and those above it (0755); an existing one is fine. Gives 0 or -errno. */
int file_make_dirs(const char *path);

/*
 * The names in the directory of a descriptor, from its first, sorted by their bytes and without "."
 * and ".."; the list is the caller's. Gives 0 or -errno.
 */
int file_names(int dir, char ***ret);

/*
 * Removes a file, or a folder with all in it but what is mounted there; links are not followed.
 * What is not there is fine.
 */
void file_remove_tree(const char *path);
