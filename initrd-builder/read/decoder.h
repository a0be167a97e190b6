/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unpacking a compressed stream of an input. */
#pragma once

#include "initrd-builder/read/codec.h"
#include "initrd-builder/read/input.h"

struct decoder;

/* Unpacks what stands next in `input`, which must outlive it. */
struct decoder *decoder_new(const struct codec *codec, struct input *input);
void decoder_free(struct decoder *decoder);

static inline void decoder_free_p(struct decoder **decoder)
{
	decoder_free(*decoder);
}
#define auto_decoder __attribute__((cleanup(decoder_free_p)))

/*
 * An input_source; `arg` is the decoder. Gives 0 where the compressed data ends; of the input
 * nothing behind it is taken. -ENODATA: the input ended before; -EBADMSG: it is damaged; else the
 * input's own failure.
 */
ssize_t decoder_read(void *arg, void *buffer, size_t size, struct failure *f);
