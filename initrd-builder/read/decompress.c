// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/read/decompress.h"

#include "initrd-builder/read/decompress_blocks.h"
#include "src/common/mem.h"

#include <bzlib.h>
#include <errno.h>
#include <limits.h>
#include <lzma.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

/* More than any compressor's largest setting asks for. */
#define LZMA_MEMORY (256u << 20)

static int gzip_begin(void *state)
{
	return inflateInit2(state, 15 + 16) == Z_OK ? 0 : -ENOMEM;
}

static int gzip_step(void *state, struct decoder_step *step, const char **why)
{
	z_stream *z = state;
	int r;

	z->next_in = (Bytef *)step->in;
	z->avail_in = (uInt)step->in_len;
	z->next_out = step->out;
	z->avail_out = (uInt)step->out_len;
	r = inflate(z, Z_NO_FLUSH);
	step->used = step->in_len - z->avail_in;
	step->made = step->out_len - z->avail_out;
	if (r == Z_OK || r == Z_BUF_ERROR || r == Z_STREAM_END)
		return r == Z_STREAM_END;
	*why = z->msg ? z->msg : "bad data";
	return -EBADMSG;
}

static void gzip_end(void *state)
{
	inflateEnd(state);
}

static int bzip2_begin(void *state)
{
	return BZ2_bzDecompressInit(state, 0, 0) == BZ_OK ? 0 : -ENOMEM;
}

static int bzip2_step(void *state, struct decoder_step *step, const char **why)
{
	bz_stream *bz = state;
	int r;

	bz->next_in = (char *)step->in;
	bz->avail_in = (unsigned)step->in_len;
	bz->next_out = (char *)step->out;
	bz->avail_out = (unsigned)step->out_len;
	r = BZ2_bzDecompress(bz);
	step->used = step->in_len - bz->avail_in;
	step->made = step->out_len - bz->avail_out;
	if (r == BZ_OK || r == BZ_STREAM_END)
		return r == BZ_STREAM_END;
	*why = r == BZ_DATA_ERROR_MAGIC ? "no header" : "bad data or checksum";
	return -EBADMSG;
}

static void bzip2_end(void *state)
{
	BZ2_bzDecompressEnd(state);
}

static int xz_begin(void *state)
{
	return lzma_stream_decoder(state, LZMA_MEMORY, 0) == LZMA_OK ? 0 : -ENOMEM;
}

static int lzma_begin(void *state)
{
	return lzma_alone_decoder(state, LZMA_MEMORY) == LZMA_OK ? 0 : -ENOMEM;
}

static int lzma_step(void *state, struct decoder_step *step, const char **why)
{
	lzma_stream *lzma = state;
	lzma_ret r;

	lzma->next_in = step->in;
	lzma->avail_in = step->in_len;
	lzma->next_out = step->out;
	lzma->avail_out = step->out_len;
	r = lzma_code(lzma, LZMA_RUN);
	step->used = step->in_len - lzma->avail_in;
	step->made = step->out_len - lzma->avail_out;
	if (r == LZMA_OK || r == LZMA_BUF_ERROR || r == LZMA_STREAM_END)
		return r == LZMA_STREAM_END;
	*why = r == LZMA_MEMLIMIT_ERROR	 ? "its dictionary is too large"
	       : r == LZMA_OPTIONS_ERROR ? "settings that nobody knows"
	       : r == LZMA_FORMAT_ERROR	 ? "no header"
					 : "bad data or checksum";
	return -EBADMSG;
}

static void xz_lzma_end(void *state)
{
	lzma_end(state);
}

static int zstd_begin(void *state)
{
	ZSTD_DCtx **zstd = state;

	/* The largest window is 2^27 bytes, here as in the kernel (lib/decompress_unzstd.c). */
	*zstd = ZSTD_createDCtx();
	return *zstd ? 0 : -ENOMEM;
}

static int zstd_step(void *state, struct decoder_step *step, const char **why)
{
	ZSTD_DCtx **zstd = state;
	ZSTD_inBuffer in = { step->in, step->in_len, 0 };
	ZSTD_outBuffer out = { step->out, step->out_len, 0 };
	size_t r = ZSTD_decompressStream(*zstd, &out, &in);

	step->used = in.pos;
	step->made = out.pos;
	if (!ZSTD_isError(r))
		return r == 0;
	*why = ZSTD_getErrorName(r);
	return -EBADMSG;
}

static void zstd_end(void *state)
{
	ZSTD_freeDCtx(*(ZSTD_DCtx **)state);
}

static const struct decoder_kind decoder_gzip = {
	.size = sizeof(z_stream),
	.begin = gzip_begin,
	.step = gzip_step,
	.end = gzip_end,
};
static const struct decoder_kind decoder_bzip2 = {
	.size = sizeof(bz_stream),
	.begin = bzip2_begin,
	.step = bzip2_step,
	.end = bzip2_end,
};
static const struct decoder_kind decoder_xz = {
	.size = sizeof(lzma_stream),
	.begin = xz_begin,
	.step = lzma_step,
	.end = xz_lzma_end,
};
static const struct decoder_kind decoder_lzma = {
	.size = sizeof(lzma_stream),
	.begin = lzma_begin,
	.step = lzma_step,
	.end = xz_lzma_end,
};
static const struct decoder_kind decoder_zstd = {
	.size = sizeof(ZSTD_DCtx *),
	.begin = zstd_begin,
	.step = zstd_step,
	.end = zstd_end,
};

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

struct decoder {
	const struct codec *codec;
	struct input *input;
	bool over;
	const char *broken; /* why it fails at the next step: what was made before is handed on */
	_Alignas(max_align_t) uint8_t state[];
};

struct decoder *decoder_new(const struct codec *codec, struct input *input)
{
	struct decoder *decoder = xcalloc(1, sizeof(*decoder) + codec->kind->size);

	decoder->codec = codec;
	decoder->input = input;
	if (codec->kind->begin(decoder->state) < 0)
		abort(); /* of memory: see common/mem.h */
	return decoder;
}

void decoder_free(struct decoder *decoder)
{
	if (!decoder)
		return;
	decoder->codec->kind->end(decoder->state);
	free(decoder);
}

/* One step; gives 1 if it came to something: the end, output, or input that was taken. */
static int decoder_step(struct decoder *decoder, struct decoder_step *step, struct failure *f)
{
	const struct decoder_kind *kind = decoder->codec->kind;
	size_t want = kind->wants ? kind->wants(decoder->state) : 1;
	ssize_t n = input_look(decoder->input, want, &step->in, f);
	const char *why = NULL;
	int r;

	if (n < 0)
		return (int)n;
	step->in_len = (size_t)n < UINT_MAX ? (size_t)n : UINT_MAX;
	if ((size_t)n < want && kind->may_end && kind->may_end(decoder->state, (size_t)n)) {
		decoder->over = true;
		return 1;
	}
	r = (size_t)n < want && kind->wants ? 0 : kind->step(decoder->state, step, &why);
	if (r < 0 && !step->made)
		return fail(f, -r, NULL, "%s: %s", decoder->codec->name, why);
	if (r < 0)
		decoder->broken = why;
	input_take(decoder->input, step->used);
	decoder->over = r == 1;
	if (decoder->over || step->used || step->made || (kind->wants && (size_t)n >= want))
		return 1;
	if ((size_t)n >= want)
		return fail(f, EBADMSG, NULL, "%s: bad data", decoder->codec->name);
	return fail(f, ENODATA, NULL, "%s: %s", decoder->codec->name,
		    kind->cut ? kind->cut : "the file ends in the middle of it");
}

ssize_t decoder_read(void *arg, void *buffer, size_t size, struct failure *f)
{
	struct decoder *decoder = arg;
	struct decoder_step step = { .out = buffer };
	int r;

	if (decoder->broken)
		return fail(f, EBADMSG, NULL, "%s: %s", decoder->codec->name, decoder->broken);
	while (!decoder->over) {
		step.made = step.used = 0;
		step.out_len = size < UINT_MAX ? size : UINT_MAX;
		r = decoder_step(decoder, &step, f);
		if (r < 0)
			return r;
		if (step.made)
			return (ssize_t)step.made;
	}
	return 0;
}
