/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts and numbers, one behind the other: how a function in a jail (jail.h) answers with more than
 * one. Both sides are the same program. Its reader trusts nothing: what does not fit sets `bad`,
 * and all that is read after that is empty.
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

/* A number of at most `max`. */
uint64_t packed_number(struct packed *packed, uint64_t max);
/* A text without a NUL in it, or NULL; the caller's. */
char *packed_text(struct packed *packed);
/* The list is the caller's. */
char **packed_list(struct packed *packed);

/* Was all of it read, and right? */
bool packed_is_whole(const struct packed *packed);
