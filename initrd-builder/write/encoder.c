// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/write/encoder.h"

#include "src/common/mem.h"

#include <lzma.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#define XZ_THREADS   2 /* which bounds its memory; the blocks, and so the bytes, are the same */
#define ZSTD_WINDOW  25
#define GZIP_MEMORY  9
#define XZ_DICT_SIZE (1u << 20) /* which makes blocks small enough for several processors */

struct encoder {
	const struct kind *kind;
	union {
		ZSTD_CCtx *zstd;
		lzma_stream lzma;
		z_stream gzip;
	};
};

struct kind {
	const char *name;
	bool (*begin)(struct encoder *encoder, enum compress_effort effort, uint64_t size);
	int (*step)(struct encoder *encoder, struct encoder_step *step, bool last,
		    const char **why);
	void (*end)(struct encoder *encoder);
};

static bool zstd_begin(struct encoder *encoder, enum compress_effort effort, uint64_t size)
{
	static const int small[][2] = {
		{ ZSTD_c_compressionLevel, 18 }, { ZSTD_c_windowLog, ZSTD_WINDOW },
		{ ZSTD_c_minMatch, 3 },		 { ZSTD_c_targetLength, 128 },
		{ ZSTD_c_strategy, ZSTD_btopt }, { ZSTD_c_checksumFlag, 1 },
	};
	static const int quick[][2] = {
		{ ZSTD_c_compressionLevel, 12 },
		{ ZSTD_c_windowLog, ZSTD_WINDOW },
		{ ZSTD_c_enableLongDistanceMatching, 1 },
		{ ZSTD_c_checksumFlag, 1 },
	};
	const int(*set)[2] = effort == COMPRESS_SMALL ? small : quick;
	size_t n = effort == COMPRESS_SMALL ? ARRAY_SIZE(small) : ARRAY_SIZE(quick);

	encoder->zstd = ZSTD_createCCtx();
	for (size_t i = 0; encoder->zstd && i < n; i++)
		ZSTD_CCtx_setParameter(encoder->zstd, (ZSTD_cParameter)set[i][0], set[i][1]);
	return encoder->zstd && !ZSTD_isError(ZSTD_CCtx_setPledgedSrcSize(encoder->zstd, size));
}

static int zstd_step(struct encoder *encoder, struct encoder_step *step, bool last,
		     const char **why)
{
	ZSTD_inBuffer in = { step->in, step->in_len, 0 };
	ZSTD_outBuffer out = { step->out, step->out_len, 0 };
	size_t left =
		ZSTD_compressStream2(encoder->zstd, &out, &in, last ? ZSTD_e_end : ZSTD_e_continue);

	step->in += in.pos;
	step->in_len -= in.pos;
	step->out += out.pos;
	step->out_len -= out.pos;
	if (!ZSTD_isError(left))
		return last && left == 0;
	*why = ZSTD_getErrorName(left);
	return -1;
}

static void zstd_end(struct encoder *encoder)
{
	ZSTD_freeCCtx(encoder->zstd);
}

static bool xz_begin(struct encoder *encoder, enum compress_effort effort, uint64_t size)
{
	lzma_options_lzma options;
	const lzma_filter filters[] = { { LZMA_FILTER_LZMA2, &options },
					{ LZMA_VLI_UNKNOWN, NULL } };
	const lzma_mt mt = {
		.threads = XZ_THREADS,
		.filters = filters,
		.check = LZMA_CHECK_CRC32, /* the kernel knows no other */
	};

	(void)size;
	lzma_lzma_preset(&options, effort == COMPRESS_SMALL ? 6 : 1);
	options.dict_size = XZ_DICT_SIZE;
	encoder->lzma = (lzma_stream)LZMA_STREAM_INIT;
	return lzma_stream_encoder_mt(&encoder->lzma, &mt) == LZMA_OK;
}

static int xz_step(struct encoder *encoder, struct encoder_step *step, bool last, const char **why)
{
	lzma_stream *xz = &encoder->lzma;
	lzma_ret r;

	xz->next_in = step->in;
	xz->avail_in = step->in_len;
	xz->next_out = step->out;
	xz->avail_out = step->out_len;
	r = lzma_code(xz, last ? LZMA_FINISH : LZMA_RUN);
	*step = (struct encoder_step){ xz->next_in, xz->avail_in, xz->next_out, xz->avail_out };
	if (r == LZMA_OK || r == LZMA_STREAM_END)
		return r == LZMA_STREAM_END;
	*why = r == LZMA_MEM_ERROR ? "no memory" : "it fails";
	return -1;
}

static void xz_end(struct encoder *encoder)
{
	lzma_end(&encoder->lzma);
}

static bool gzip_begin(struct encoder *encoder, enum compress_effort effort, uint64_t size)
{
	(void)size;
	return deflateInit2(&encoder->gzip, effort == COMPRESS_SMALL ? 9 : 6, Z_DEFLATED, 15 + 16,
			    GZIP_MEMORY, Z_DEFAULT_STRATEGY) == Z_OK;
}

static int gzip_step(struct encoder *encoder, struct encoder_step *step, bool last,
		     const char **why)
{
	z_stream *z = &encoder->gzip;
	int r;

	z->next_in = (Bytef *)step->in;
	z->avail_in = (uInt)step->in_len;
	z->next_out = step->out;
	z->avail_out = (uInt)step->out_len;
	r = deflate(z, last ? Z_FINISH : Z_NO_FLUSH);
	*step = (struct encoder_step){ z->next_in, z->avail_in, z->next_out, z->avail_out };
	if (r == Z_OK || r == Z_BUF_ERROR || r == Z_STREAM_END)
		return r == Z_STREAM_END;
	*why = "it fails";
	return -1;
}

static void gzip_end(struct encoder *encoder)
{
	deflateEnd(&encoder->gzip);
}

static const struct kind kinds[] = {
	{ "zstd", zstd_begin, zstd_step, zstd_end },
	{ "xz", xz_begin, xz_step, xz_end },
	{ "gzip", gzip_begin, gzip_step, gzip_end },
};

struct encoder *encoder_new(const struct compression *compression, enum compress_effort effort,
			    uint64_t size)
{
	struct encoder *encoder = xcalloc(1, sizeof(*encoder));

	encoder->kind = kinds;
	while (strcmp(encoder->kind->name, compression->name) != 0)
		encoder->kind++; /* there is a row for each of compression.c */
	if (!encoder->kind->begin(encoder, effort, size))
		abort(); /* of memory: see common/mem.h */
	return encoder;
}

void encoder_free(struct encoder *encoder)
{
	if (!encoder)
		return;
	encoder->kind->end(encoder);
	free(encoder);
}

int encoder_step(struct encoder *encoder, struct encoder_step *step, bool last, const char **why)
{
	return encoder->kind->step(encoder, step, last, why);
}
