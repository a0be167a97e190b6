/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compressing a stream so that the kernel can unpack it. The same input gives the same bytes, on
 * any number of processors.
 */
#pragma once

#include "initrd-builder/root/compression.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum compress_effort {
	COMPRESS_SMALL, /* as small as it gets: made seldom, and read by every boot */
	COMPRESS_QUICK, /* what a second or so gives: it is waited for */
};

/* The input that is left, and the room that is left for the output; a step moves both on. */
struct encoder_step {
	const uint8_t *in;
	size_t in_len;
	uint8_t *out;
	size_t out_len;
};

struct encoder;

/* `size`: the bytes that the input has. */
struct encoder *encoder_new(const struct compression *compression, enum compress_effort effort,
			    uint64_t size);
void encoder_free(struct encoder *encoder);

/*
 * Does one step; `last`: no input comes after this. Returns 1 when the output is complete, 0
 * before, or -1 with `*why`, a static text.
 */
int encoder_step(struct encoder *encoder, struct encoder_step *step, bool last, const char **why);
