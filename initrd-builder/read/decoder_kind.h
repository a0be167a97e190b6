/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a kind of decoder is made of; for decoder*.c alone. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What one step of a decoder took and made. */
struct decoder_step {
	const uint8_t *in;
	size_t in_len, used;
	uint8_t *out;
	size_t out_len, made;
};

struct decoder_kind {
	size_t size; /* of its state */
	/* Gives 0 or -ENOMEM. */
	int (*begin)(void *state);
	/* Bytes that a step must see at least, if there are as many; NULL: one. */
	size_t (*wants)(const void *state);
	/* One step. Gives 1 at the end, 0 before it, -EBADMSG with `*why` if it is damaged. */
	int (*step)(void *state, struct decoder_step *step, const char **why);
	/* Is this an end, although the data did not say so? NULL: no. */
	bool (*may_end)(const void *state, size_t left);
	void (*end)(void *state);
	const char *cut; /* what it says of an input that ends too early; NULL: the usual */
};
