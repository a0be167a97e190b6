/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The compressions that the kernel knows for an initrd (lib/decompress.c), each unpacked exactly to
 * its end, so that what comes behind is found where the kernel finds it: after one gzip member, one
 * zstd frame, one xz, bzip2 or lzma stream, one lzop file. Legacy lz4 has no end of its own: it
 * goes on until the end of the file or four zero bytes (lib/decompress_unlz4.c).
 */
#ifndef BUILDER_DECOMPRESS_H
#define BUILDER_DECOMPRESS_H

#include "initrd-builder/read/input.h"

/* What must be visible for codec_kernel_limit() to see enough: of xz, the first block's header. */
#define CODEC_LOOK (12 + 1024)

struct codec {
	const char *name;
	const char *config; /* the kernel's option that it needs */
	const char *magic;
	size_t magic_len;
	const struct decoder_kind *kind;
};

/* By what a segment begins with; NULL: the kernel would not take it for a compressed one. */
const struct codec *codec_find(const uint8_t *data, size_t n);

/* Why the kernel cannot unpack what begins so although we can, or NULL; a static text. */
const char *codec_kernel_limit(const struct codec *codec, const uint8_t *data, size_t n);

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

#endif
