// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/read/decoder.h"

#include "initrd-builder/read/decoder_kind.h"
#include "src/common/mem.h"

#include <errno.h>
#include <limits.h>

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
