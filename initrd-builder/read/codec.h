/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The compressions that the kernel knows for an initrd (lib/decompress.c), each unpacked exactly to
 * its end, so that what comes behind is found where the kernel finds it: after one gzip member, one
 * zstd frame, one xz, bzip2 or lzma stream, one lzop file. Legacy lz4 has no end of its own: it
 * goes on until the end of the file or four zero bytes (lib/decompress_unlz4.c).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

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
