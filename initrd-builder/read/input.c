// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/read/input.h"

#include "src/common/interrupt.h"
#include "src/common/mem.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#define BUFFER (128 * 1024)

struct input {
	input_source source;
	void *arg;
	uint8_t *buffer;
	size_t size;	   /* of the buffer */
	size_t begin, end; /* what is in it */
	uint64_t offset;   /* of `begin` */
	bool over;
};

struct input *input_new(input_source source, void *arg)
{
	struct input *input = xcalloc(1, sizeof(*input));

	input->source = source;
	input->arg = arg;
	input->size = BUFFER;
	input->buffer = xreallocarray(NULL, input->size, 1);
	return input;
}

void input_free(struct input *input)
{
	if (!input)
		return;
	free(input->buffer);
	free(input);
}

ssize_t input_from_fd(void *arg, void *buffer, size_t size, struct failure *f)
{
	ssize_t n;

	if (interrupted)
		return fail(f, EINTR, NULL, "interrupted");
	n = read(*(int *)arg, buffer, size);
	return n < 0 ? fail_errno(f, errno, NULL, "cannot be read") : n;
}

static void make_room(struct input *input, size_t want)
{
	if (input->begin + want <= input->size)
		return;
	memmove(input->buffer, input->buffer + input->begin, input->end - input->begin);
	input->end -= input->begin;
	input->begin = 0;
	if (want > input->size) {
		input->size = want;
		input->buffer = xreallocarray(input->buffer, want, 1);
	}
}

ssize_t input_look(struct input *input, size_t want, const uint8_t **ret, struct failure *f)
{
	make_room(input, want);
	while (input->end - input->begin < want && !input->over) {
		ssize_t n = input->source(input->arg, input->buffer + input->end,
					  input->size - input->end, f);

		if (n < 0)
			return n;
		input->over = n == 0;
		input->end += (size_t)n;
	}
	*ret = input->buffer + input->begin;
	return (ssize_t)(input->end - input->begin);
}

void input_take(struct input *input, size_t n)
{
	assert(n <= input->end - input->begin);
	input->begin += n;
	input->offset += n;
	if (input->begin == input->end)
		input->begin = input->end = 0;
}

uint64_t input_offset(const struct input *input)
{
	return input->offset;
}
