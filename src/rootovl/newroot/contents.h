/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copies the contents of regular files, and keeps their holes. Each function returns 0 or -errno.
 */
#pragma once

#include <stdint.h>
#include <sys/stat.h>

#define COPY_BUFFER (256 << 10) /* half of a common L2 cache */

/* Called before `more` bytes are written. Returns 0, or -errno to end the copy. */
typedef int (*contents_ask)(void *arg, uint64_t more);

/*
 * Copies st->st_size bytes of `from` to the empty file `to`. `buffer` has COPY_BUFFER bytes.
 * Returns -EIO if the source became shorter during the copy. `ask`, unless NULL, is called for a
 * file with fewer blocks than its size. Such a file has holes or is compressed, so only the copy
 * shows how much room it needs.
 */
int contents_copy(int from, int to, const struct stat *st, char *buffer, contents_ask ask,
		  void *arg);

/*
 * Copies as contents_copy() does, and truncates the source step by step. `from` must be open for
 * writing.
 */
int contents_move(int from, int to, const struct stat *st, char *buffer);
