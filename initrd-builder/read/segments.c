// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/read/segments.h"

#include "src/common/interrupt.h"
#include "src/common/mem.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

/* Far more than real files have: a hostile one ends here. */
#define SEGMENTS_MAX 10000
#define ENTRIES_MAX  (2 << 20)

struct walk {
	struct input *file;
	uint64_t *budget;
	const struct segments_events *events;
	struct segment segment; /* the one that is read */
	unsigned segments;	/* that have begun */
	uint64_t entries;	/* of all of them */
	bool trailer;		/* was the archive's last entry its trailer? */
	struct decoder *decoder;
	bool broken; /* did it fail? */
	struct failure *f;
	bool over; /* after a fatal problem */
};

static int problem(struct walk *walk, bool fatal, const char *text)
{
	walk->over = walk->over || fatal;
	return walk->events->problem(walk->events->arg, &walk->segment, text, fatal);
}

/* A failure to read is a failure; that the bytes themselves are wrong is a problem to be told. */
static bool is_damage(const struct walk *walk, int r)
{
	return (r == -EBADMSG || r == -ENODATA || r == -EFBIG) && walk->f->code;
}

static int tell_damage(struct walk *walk, struct failure *f, bool fatal)
{
	auto_free char *text = f->hint ? xasprintf("%s (%s)", f->what, f->hint) : xstrdup(f->what);

	failure_done(f);
	return problem(walk, fatal, text);
}

/*
 * Skips zero bytes; gives the number of them, or -errno. What comes then is visible: `*ret`, `*n`,
 * which is 0 at the end. No more is asked for than a byte, for what is damaged may come behind it.
 */
static int64_t skip_zeros(struct input *input, const uint8_t **ret, size_t *n, struct failure *f)
{
	int64_t skipped = 0;
	size_t zeros;

	do {
		ssize_t seen = input_look(input, 1, ret, f);

		if (seen < 0)
			return seen;
		for (zeros = 0; zeros < (size_t)seen && !(*ret)[zeros]; zeros++)
			;
		input_take(input, zeros);
		*ret += zeros;
		skipped += (int64_t)zeros;
		*n = (size_t)seen - zeros;
	} while (*n == 0 && zeros > 0);
	return skipped;
}

static int on_entry(void *arg, const struct cpio_entry *entry)
{
	struct walk *walk = arg;

	if (interrupted)
		return fail(walk->f, EINTR, NULL, "interrupted");
	if (walk->entries++ == ENTRIES_MAX)
		return fail(walk->f, EFBIG, NULL, "too many entries: not read on");
	walk->segment.entries++;
	return walk->events->entry(walk->events->arg, &walk->segment, entry);
}

static int on_content(void *arg, const void *data, size_t n)
{
	struct walk *walk = arg;

	return walk->events->content ? walk->events->content(walk->events->arg, data, n) : 0;
}

static int read_entry(struct walk *walk, struct input *input)
{
	const struct cpio_events events = { on_entry, on_content, walk };
	int r = cpio_read(input, &events, walk->f);

	walk->trailer = r == CPIO_TRAILER;
	return r < 0 ? r : 0;
}

static int check_trailer(struct walk *walk)
{
	return walk->trailer || walk->over
		       ? 0
		       : problem(walk, false,
				 "no TRAILER!!! at the archive's end: was it cut off?");
}

/* What a decoder makes, counted. */
static ssize_t counted(void *arg, void *buffer, size_t size, struct failure *f)
{
	struct walk *walk = arg;
	ssize_t n = interrupted ? fail(f, EINTR, NULL, "interrupted")
				: decoder_read(walk->decoder, buffer, size, f);

	walk->broken = n < 0 || (uint64_t)n > *walk->budget;
	if (n <= 0)
		return n;
	if (walk->broken)
		return fail(f, EFBIG, NULL, "it unpacks to more than is allowed: not read on");
	*walk->budget -= (uint64_t)n;
	walk->segment.unpacked += (uint64_t)n;
	return n;
}

/* One turn inside a compressed segment; gives 1 at its end. */
static int read_inside(struct walk *walk, struct input *input)
{
	const uint8_t *data;
	size_t n;
	int64_t skipped = skip_zeros(input, &data, &n, walk->f);

	if (skipped < 0)
		return (int)skipped;
	if (n == 0)
		return 1;
	if (data[0] != '0')
		return fail(walk->f, EBADMSG, NULL, "garbage inside, at byte %" PRIu64 " of it",
			    input_offset(input));
	if (input_offset(input) % CPIO_ALIGNMENT)
		return fail(walk->f, EBADMSG, NULL,
			    "an archive inside, at byte %" PRIu64 ", which is no multiple of 4",
			    input_offset(input));
	return read_entry(walk, input);
}

/* Unpacks what is left of a segment whose archive is damaged, to find where the next one begins. */
static int drain(struct input *input, struct failure *f)
{
	const uint8_t *data;
	ssize_t n;

	while ((n = input_look(input, 1, &data, f)) > 0)
		input_take(input, (size_t)n);
	return (int)n;
}

static int read_compressed(struct walk *walk)
{
	auto_decoder struct decoder *decoder = decoder_new(walk->segment.codec, walk->file);
	auto_input struct input *inside = input_new(counted, walk);
	bool damaged = false;
	int r;

	walk->decoder = decoder;
	walk->broken = false;
	while ((r = read_inside(walk, inside)) == 0)
		;
	if (is_damage(walk, r) && r != -EFBIG && !walk->broken) {
		auto_failure struct failure archive = *walk->f;

		damaged = true;
		*walk->f = (struct failure){ 0 };
		r = drain(inside, walk->f);
		if (r == 0)
			r = tell_damage(walk, &archive, false);
	}
	if (is_damage(walk, r)) /* where the compression is damaged too, that is why */
		return tell_damage(walk, walk->f, true);
	if (r < 0)
		return r;
	if (!damaged && walk->segment.unpacked == 0)
		return problem(walk, false, "nothing is in it");
	return damaged ? 0 : check_trailer(walk);
}

/* One turn in an uncompressed archive; gives 1 at its end. */
static int read_outside(struct walk *walk)
{
	struct segment *segment = &walk->segment;
	const uint8_t *data;
	size_t n;
	int64_t skipped;
	int r = read_entry(walk, walk->file);

	segment->size = input_offset(walk->file) - segment->offset;
	if (r < 0 || walk->trailer)
		return r < 0 ? r : 1;
	skipped = skip_zeros(walk->file, &data, &n, walk->f);
	if (skipped < 0)
		return (int)skipped;
	segment->padding = (uint64_t)skipped;
	if (n == 0 || data[0] != '0')
		return 1;
	segment->padding = 0; /* these were between two entries */
	return 0;
}

static int read_uncompressed(struct walk *walk)
{
	int r;

	if (walk->segment.offset % CPIO_ALIGNMENT)
		return problem(walk, true,
			       "an archive that does not begin at a multiple of 4: the kernel "
			       "takes it for garbage");
	while ((r = read_outside(walk)) == 0)
		;
	if (is_damage(walk, r))
		return tell_damage(walk, walk->f, true);
	walk->segment.unpacked = walk->segment.size;
	return r < 0 ? r : check_trailer(walk);
}

/* What people put there by mistake. */
static const struct known {
	const char *magic;
	const char *what;
} known[] = {
	{ "\x04\x22\x4d\x18", "lz4's frame format: the kernel wants the legacy one, lz4 -l" },
	{ "\x27\x05\x19\x56", "a header of U-Boot: its boot command takes that away" },
	{ "hsqs", "a squashfs image" },
	{ "\x7f"
	  "ELF",
	  "a program" },
};

static int garbage(struct walk *walk, const uint8_t *data, size_t n)
{
	auto_free char *text = NULL;

	for (const struct known *k = known; k < known + ARRAY_SIZE(known); k++) {
		if (n >= 4 && memcmp(data, k->magic, 4) == 0)
			text = xasprintf("garbage: %s", k->what);
	}
	/* https://www.rfc-editor.org/rfc/rfc8878#name-skippable-frames */
	if (!text && n >= 4 && (data[0] & 0xf0) == 0x50 && !memcmp(data + 1, "\x2a\x4d\x18", 3))
		text = xstrdup("garbage: a skippable frame of zstd, as pzstd makes them");
	if (!text)
		text = xasprintf("garbage: neither an archive nor a compression that the kernel "
				 "knows begins with %02x %02x",
				 data[0], n > 1 ? data[1] : 0);
	return problem(walk, true, text);
}

static int read_segment(struct walk *walk)
{
	struct segment *segment = &walk->segment;
	const uint8_t *data;
	ssize_t n = input_look(walk->file, CODEC_LOOK, &data, walk->f);
	const struct codec *codec = n > 0 ? codec_find(data, (size_t)n) : NULL;
	const char *limit = codec ? codec_kernel_limit(codec, data, (size_t)n) : NULL;
	bool behind_archive = walk->segments && !segment->codec;
	int r;

	if (n < 0)
		return (int)n;
	*segment = (struct segment){ .offset = input_offset(walk->file) };
	if (data[0] != '0' && !codec)
		return garbage(walk, data, (size_t)n);
	if (walk->segments == SEGMENTS_MAX)
		return problem(walk, true, "too many segments: not read on");
	/* Those zero bytes are read by do_reset() of the kernel, as part of the archive. */
	if (codec && behind_archive && segment->offset % CPIO_ALIGNMENT)
		return problem(walk, true,
			       "what stands behind an archive and its zero bytes does not begin "
			       "at a multiple of 4: the kernel takes it for broken padding");
	segment->number = ++walk->segments;
	segment->codec = codec;
	walk->trailer = false;
	r = walk->events->begin(walk->events->arg, segment);
	if (r == 0 && limit)
		r = problem(walk, false, limit);
	if (r == 0)
		r = codec ? read_compressed(walk) : read_uncompressed(walk);
	if (codec)
		segment->size = input_offset(walk->file) - segment->offset;
	return r;
}

int segments_walk(struct input *input, uint64_t *budget, const struct segments_events *events,
		  struct failure *f)
{
	struct walk walk = { .file = input, .budget = budget, .events = events, .f = f };
	const uint8_t *data;
	size_t n;
	int64_t zeros = skip_zeros(input, &data, &n, f);

	if (zeros >= 0 && n == 0)
		return problem(&walk, true, "nothing is in the file");
	while (zeros >= 0 && n && !walk.over) {
		int r = read_segment(&walk);

		if (r < 0)
			return r;
		zeros = walk.over ? 0 : skip_zeros(input, &data, &n, f);
		if (zeros < 0)
			break;
		walk.segment.padding += (uint64_t)zeros;
		if (walk.segment.number && (r = events->end(events->arg, &walk.segment)) < 0)
			return r;
	}
	return zeros < 0 ? (int)zeros : 0;
}

const char *segments_compression(const struct segment *segment)
{
	return segment->codec ? segment->codec->name : "uncompressed";
}
