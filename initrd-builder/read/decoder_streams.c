// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/read/decoder_streams.h"

#include <bzlib.h>
#include <errno.h>
#include <lzma.h>
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

const struct decoder_kind decoder_gzip = {
	.size = sizeof(z_stream),
	.begin = gzip_begin,
	.step = gzip_step,
	.end = gzip_end,
};
const struct decoder_kind decoder_bzip2 = {
	.size = sizeof(bz_stream),
	.begin = bzip2_begin,
	.step = bzip2_step,
	.end = bzip2_end,
};
const struct decoder_kind decoder_xz = {
	.size = sizeof(lzma_stream),
	.begin = xz_begin,
	.step = lzma_step,
	.end = xz_lzma_end,
};
const struct decoder_kind decoder_lzma = {
	.size = sizeof(lzma_stream),
	.begin = lzma_begin,
	.step = lzma_step,
	.end = xz_lzma_end,
};
const struct decoder_kind decoder_zstd = {
	.size = sizeof(ZSTD_DCtx *),
	.begin = zstd_begin,
	.step = zstd_step,
	.end = zstd_end,
};
