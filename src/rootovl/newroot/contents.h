/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copying what is in a regular file; holes are kept. Each gives 0 or -errno. */
#pragma once

#include <stdint.h>
#include <sys/stat.h>

#define COPY_BUFFER (256 << 10) /* half of what is usual for a second cache */

/* Asked before `more` bytes are written. Gives 0 or -errno, which ends the copying. */
typedef int (*contents_ask)(void *arg, uint64_t more);

/*
 * Copies st->st_size bytes of `from` to the empty file `to`; `buffer` has COPY_BUFFER bytes. -EIO:
 * it became shorter meanwhile. `ask` (NULL: nobody is) is for a file of fewer blocks than its size,
 * which may as well have been compressed, or be said to: only its copy tells what it takes.
 */
int contents_copy(int from, int to, const struct stat *st, char *buffer, contents_ask ask,
		  void *arg);

/* The same, and the source shrinks as the copy grows; it needs a descriptor to write to. */
int contents_move(int from, int to, const struct stat *st, char *buffer);
