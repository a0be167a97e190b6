/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state of a copy of the lower (rootovl.cache=) on the disk that holds the upper:
 *
 *   rootovl/cache/ID/tree   the copy, complete or not
 *   rootovl/cache/ID/state  lines of a word, a blank and a value, in this order:
 *       copy part|whole|large  complete or not; or too large, and then there is no tree
 *       entries, bytes, room N what the complete copy has
 *       tries N                boots in a row on it that were not seen to come up
 *       disk N                 size of the disk for which it is too large
 *       of LINE                lines of lower_identity() of what is copied; not if it is too large
 *
 * A copy counts only while its state says so, and the state is written durably after the copy is
 * durable. find_copy.c of the initramfs looks for the copy, copy_fill.c of the booted system makes
 * it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define COPY_ROOT "tree" /* beside the state */

enum copy_kind {
	COPY_PART,
	COPY_WHOLE,
	COPY_LARGE,
};

struct copy_state {
	enum copy_kind kind;
	char *of;
	uint64_t entries; /* number of objects, without the top directory */
	uint64_t bytes;	  /* size of the regular files, counted for each name */
	uint64_t room;	  /* about how many bytes of the disk it takes */
	uint64_t tries;
	uint64_t disk; /* bytes */
};

/*
 * Reads the state in the directory of a copy; `ret` must be empty. Returns 0, -ENOENT if there is
 * no state, -EINVAL if copy_state_write() cannot have written it, or another -errno.
 */
int copy_state_read(int dir, struct copy_state *ret);

/* Writes the state durably. The caller has made the copy durable. Returns 0 or -errno. */
int copy_state_write(int dir, const struct copy_state *state);

/* Removes the state durably: nothing in the directory is used again. Returns 0 or -errno. */
int copy_state_remove(int dir);

/*
 * Durably marks a complete copy as a part, which the next run of copy_fill.c completes. Removes a
 * state that cannot be read or written. Returns 0 or -errno.
 */
int copy_state_unmake(int dir);

/* Frees the members of the state, and empties it. */
void copy_state_done(struct copy_state *state);
#define auto_copy_state __attribute__((cleanup(copy_state_done)))

/* Returns true if `of` describes the lower with this key: its first line is the key. */
bool copy_state_is_of(const char *of, const char *key);
