/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packs several texts and numbers into one answer of a function in a jail (jail.h). Both sides are
 * the same program. The reader trusts nothing: a value that does not fit sets `bad`, and all
 * further values are empty.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct packed {
	const char *at;
	size_t left;
	bool bad;
};

void packed_put_number(FILE *out, uint64_t number);
/* `text` may be NULL. */
void packed_put(FILE *out, const char *text);
void packed_put_list(FILE *out, char *const *list);

/* Reads a number of at most `max`. */
uint64_t packed_number(struct packed *packed, uint64_t max);
/* Reads a text without a NUL in it. Returns the text, which the caller frees, or NULL. */
char *packed_text(struct packed *packed);
/* Reads a list of texts. The caller frees it. */
char **packed_list(struct packed *packed);

/* Returns whether the complete answer was read without an error. */
bool packed_is_whole(const struct packed *packed);
