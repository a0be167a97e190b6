// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Both are read as the kernel does (lib/decompress_unlz4.c, lib/decompress_unlzo.c); for lz4 see
 * also doc/lz4_Frame_format.md of lz4, "Legacy frame".
 */
#include "initrd-builder/read/decoder_blocks.h"

#include "src/common/mem.h"

#include <endian.h>
#include <errno.h>
#include <lz4.h>
#include <lzo/lzo1x.h>
#include <string.h>
#include <zlib.h>

/* A block that was unpacked, or a part of it that was not handed on yet. */
struct block {
	uint8_t *data;
	size_t begin, end;
};

static void block_hand_on(struct block *block, struct decoder_step *step)
{
	size_t left = block->end - block->begin;

	step->made = left < step->out_len ? left : step->out_len;
	memcpy(step->out, block->data + block->begin, step->made);
	block->begin += step->made;
}

static uint32_t little(const uint8_t *at)
{
	uint32_t word;

	memcpy(&word, at, sizeof(word));
	return le32toh(word);
}

static uint32_t big(const uint8_t *at)
{
	uint32_t word;

	memcpy(&word, at, sizeof(word));
	return be32toh(word);
}

#define LZ4_BLOCK (8 << 20)
#define LZ4_MAGIC 0x184c2102

struct lz4 {
	struct block block;
	uint32_t next; /* the length of the compressed block, once it is known */
	bool begun;
};

static int lz4_begin(void *state)
{
	struct lz4 *lz4 = state;

	lz4->block.data = xreallocarray(NULL, LZ4_BLOCK, 1);
	return 0;
}

static size_t lz4_wants(const void *state)
{
	const struct lz4 *lz4 = state;

	if (lz4->block.begin < lz4->block.end)
		return 0;
	return lz4->next ? lz4->next : 4;
}

static int lz4_length(struct lz4 *lz4, struct decoder_step *step, const char **why)
{
	uint32_t word = little(step->in);

	if (lz4->begun && word == 0)
		return 1; /* padding, which the kernel takes for the end */
	step->used = 4;
	if (word == LZ4_MAGIC) {
		lz4->begun = true;
		return 0;
	}
	*why = lz4->begun ? "neither a block, nor four zero bytes, nor the end" : "no header";
	if (!lz4->begun || word > LZ4_COMPRESSBOUND(LZ4_BLOCK))
		return -EBADMSG;
	lz4->next = word;
	return 0;
}

static int lz4_step(void *state, struct decoder_step *step, const char **why)
{
	struct lz4 *lz4 = state;
	int n;

	if (lz4->block.begin < lz4->block.end) {
		block_hand_on(&lz4->block, step);
		return 0;
	}
	if (!lz4->next)
		return lz4_length(lz4, step, why);
	n = LZ4_decompress_safe((const char *)step->in, (char *)lz4->block.data, (int)lz4->next,
				LZ4_BLOCK);
	*why = "bad data, or no four zero bytes behind it";
	if (n < 0)
		return -EBADMSG;
	lz4->block.begin = 0;
	lz4->block.end = (size_t)n;
	step->used = lz4->next;
	lz4->next = 0;
	return 0;
}

static bool lz4_may_end(const void *state, size_t left)
{
	const struct lz4 *lz4 = state;

	return lz4->begun && !lz4->next && left < 4;
}

static void lz4_end(void *state)
{
	free(((struct lz4 *)state)->block.data);
}

const struct decoder_kind decoder_lz4 = {
	.size = sizeof(struct lz4),
	.begin = lz4_begin,
	.wants = lz4_wants,
	.step = lz4_step,
	.may_end = lz4_may_end,
	.end = lz4_end,
	.cut = "the file ends in the middle of it, or no four zero bytes stand behind it",
};

#define LZO_BLOCK      (256 * 1024)
#define LZO_ADLER      0x001 /* flags: blocks have this checksum, */
#define LZO_FILTER     0x800 /* the header has a word more */
#define LZO_LONG_TIMES 0x940 /* from this version on: a word and a byte more */

struct lzo {
	struct block block;
	size_t header; /* its length, as far as it is known */
	uint32_t flags;
	uint32_t unpacked, packed, sum; /* of the block that comes */
	enum { LZO_START, LZO_HEADER, LZO_NAME, LZO_LENGTH, LZO_LENGTHS, LZO_DATA } at;
};

/* Magic 9, version 2, library 2, needed 2, method 1, level 1, flags 4. */
#define LZO_FIXED 21

static int lzo_begin(void *state)
{
	struct lzo *lzo = state;

	lzo->block.data = xreallocarray(NULL, LZO_BLOCK, 1);
	return lzo_init() == LZO_E_OK ? 0 : -ENOMEM;
}

static size_t lzo_wants(const void *state)
{
	const struct lzo *lzo = state;

	if (lzo->block.begin < lzo->block.end)
		return 0;
	switch (lzo->at) {
	case LZO_START:
		return LZO_FIXED;
	case LZO_HEADER:
	case LZO_NAME:
		return lzo->header;
	case LZO_LENGTH:
		return 4;
	case LZO_LENGTHS:
		return 8;
	case LZO_DATA:
		break;
	}
	return lzo->packed;
}

/* Finds out how long the header is, up to the length of the name and then with it, and takes it. */
static int lzo_header(struct lzo *lzo, struct decoder_step *step, const char **why)
{
	static const uint8_t magic[] = { 0x89, 'L', 'Z', 'O', 0, '\r', '\n', 0x1a, '\n' };
	unsigned version = step->in[9] << 8 | step->in[10];
	bool new = version >= LZO_LONG_TIMES;

	*why = "no header";
	if (memcmp(step->in, magic, sizeof(magic)) != 0)
		return -EBADMSG;
	if (lzo->at == LZO_START) {
		size_t flags = 9 + 7 + new;

		lzo->flags = big(step->in + flags);
		/* flags, filter, mode, times, the length of the name */
		lzo->header = flags + 4 + (lzo->flags & LZO_FILTER ? 4 : 0) + 8 + (new ? 4 : 0) + 1;
		lzo->at = LZO_HEADER;
		return 0;
	}
	if (lzo->at == LZO_HEADER) {
		lzo->header += step->in[lzo->header - 1] + 4;
		lzo->at = LZO_NAME;
		return 0;
	}
	step->used = lzo->header;
	lzo->at = LZO_LENGTH;
	return 0;
}

static int lzo_lengths(struct lzo *lzo, struct decoder_step *step, const char **why)
{
	*why = "bad length";
	step->used = 4;
	if (lzo->at == LZO_LENGTH) {
		lzo->unpacked = big(step->in);
		lzo->at = LZO_LENGTHS;
		return lzo->unpacked == 0 ? 1 : lzo->unpacked > LZO_BLOCK ? -EBADMSG : 0;
	}
	step->used = 8; /* with a checksum, which the kernel expects and skips */
	lzo->packed = big(step->in);
	lzo->sum = big(step->in + 4);
	lzo->at = LZO_DATA;
	return lzo->packed == 0 || lzo->packed > lzo->unpacked ? -EBADMSG : 0;
}

static int lzo_data(struct lzo *lzo, struct decoder_step *step, const char **why)
{
	lzo_uint n = lzo->unpacked;

	*why = "bad data";
	if (lzo->packed == lzo->unpacked)
		memcpy(lzo->block.data, step->in, n);
	else if (lzo1x_decompress_safe(step->in, lzo->packed, lzo->block.data, &n, NULL) !=
			 LZO_E_OK ||
		 n != lzo->unpacked)
		return -EBADMSG;
	*why = "wrong checksum";
	if (lzo->flags & LZO_ADLER && adler32(1, lzo->block.data, (uInt)n) != lzo->sum)
		return -EBADMSG;
	lzo->block.begin = 0;
	lzo->block.end = n;
	lzo->at = LZO_LENGTH;
	step->used = lzo->packed;
	return 0;
}

static int lzo_step(void *state, struct decoder_step *step, const char **why)
{
	struct lzo *lzo = state;

	if (lzo->block.begin < lzo->block.end) {
		block_hand_on(&lzo->block, step);
		return 0;
	}
	if (lzo->at <= LZO_NAME)
		return lzo_header(lzo, step, why);
	return lzo->at == LZO_DATA ? lzo_data(lzo, step, why) : lzo_lengths(lzo, step, why);
}

static void lzo_end(void *state)
{
	free(((struct lzo *)state)->block.data);
}

const struct decoder_kind decoder_lzo = {
	.size = sizeof(struct lzo),
	.begin = lzo_begin,
	.wants = lzo_wants,
	.step = lzo_step,
	.end = lzo_end,
};
