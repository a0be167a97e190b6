// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/read/codec.h"

#include "initrd-builder/read/decoder_blocks.h"
#include "initrd-builder/read/decoder_streams.h"
#include "src/common/macro.h"

#include <lzma.h>
#include <string.h>

/* The kernel goes by two bytes (lib/decompress.c); what these lead to is checked by the decoders.
 */
static const struct codec codecs[] = {
	{ "gzip", "CONFIG_RD_GZIP", "\x1f\x8b", 2, &decoder_gzip },
	{ "bzip2", "CONFIG_RD_BZIP2", "BZ", 2, &decoder_bzip2 },
	{ "lzma", "CONFIG_RD_LZMA", "\x5d\x00", 2, &decoder_lzma },
	{ "xz", "CONFIG_RD_XZ", "\xfd\x37", 2, &decoder_xz },
	{ "lzo", "CONFIG_RD_LZO", "\x89\x4c", 2, &decoder_lzo },
	{ "lz4", "CONFIG_RD_LZ4", "\x02\x21", 2, &decoder_lz4 },
	{ "zstd", "CONFIG_RD_ZSTD", "\x28\xb5", 2, &decoder_zstd },
};

const struct codec *codec_find(const uint8_t *data, size_t n)
{
	for (const struct codec *c = codecs; c < codecs + ARRAY_SIZE(codecs); c++) {
		if (n >= c->magic_len && memcmp(data, c->magic, c->magic_len) == 0)
			return c;
	}
	return NULL;
}

_Static_assert(CODEC_LOOK >= LZMA_STREAM_HEADER_SIZE + LZMA_BLOCK_HEADER_SIZE_MAX,
	       "a block's header may not be visible");

/* What has settings in a block's header is unpacked by none but LZMA2 (lib/xz/xz_dec_stream.c). */
static bool is_known_filter(const lzma_filter *filter)
{
	return filter->id == LZMA_FILTER_LZMA2 ||
	       (filter->id != LZMA_FILTER_DELTA && !filter->options);
}

/* Has the first block of an xz stream a filter that the kernel lacks? */
static bool has_odd_filter(const uint8_t *data, size_t n)
{
	lzma_filter filters[LZMA_FILTERS_MAX + 1];
	lzma_block block = { .version = 0, .check = data[7], .filters = filters };
	bool odd = false;

	data += LZMA_STREAM_HEADER_SIZE;
	n -= LZMA_STREAM_HEADER_SIZE;
	block.header_size = lzma_block_header_size_decode(data[0]);
	if (data[0] == 0 || n < block.header_size ||
	    lzma_block_header_decode(&block, NULL, data) != LZMA_OK)
		return false; /* the decoder will tell */
	for (lzma_filter *f = filters; f->id != LZMA_VLI_UNKNOWN; f++) {
		odd = odd || !is_known_filter(f);
		free(f->options);
	}
	return odd;
}

const char *codec_kernel_limit(const struct codec *codec, const uint8_t *data, size_t n)
{
	/* xz_dec_stream.c: the kernel is built without XZ_DEC_ANY_CHECK. */
	if (codec->kind == &decoder_xz && n > 7 && data[7] > LZMA_CHECK_CRC32)
		return "the kernel knows no other check in xz than CRC32 (xz --check=crc32)";
	if (codec->kind == &decoder_xz && n > LZMA_STREAM_HEADER_SIZE && has_odd_filter(data, n))
		return "the kernel does not know a filter of its xz (--delta, or one with a start)";
	/* decompress_inflate.c skips a name, and nothing else that may stand in a header. */
	if (codec->kind == &decoder_gzip && n > 3 && (data[3] & ~0x09))
		return "the kernel does not skip the extra fields of its gzip header";
	return NULL;
}
