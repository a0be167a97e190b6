/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes in order, with a look ahead: of a file, or of what a decoder makes of another input. What
 * stands in memory is one buffer, as large as the longest look ahead.
 */
#pragma once

#include "src/common/failure.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct input;

/* Gives up to `size` bytes, 0 at the end, or -errno with `f` filled in. */
typedef ssize_t (*input_source)(void *arg, void *buffer, size_t size, struct failure *f);

/* `arg` must outlive it. */
struct input *input_new(input_source source, void *arg);
void input_free(struct input *input);

static inline void input_free_p(struct input **input)
{
	input_free(*input);
}
#define auto_input __attribute__((cleanup(input_free_p)))

/* A source: the file that `arg`, an int, is a descriptor of. -EINTR after a signal, interrupt.h. */
ssize_t input_from_fd(void *arg, void *buffer, size_t size, struct failure *f);

/*
 * Makes `want` bytes visible, or all that are left when these are fewer, without taking them.
 * `*ret` holds until the next call. Gives their number, at least `want` or the rest, or -errno.
 */
ssize_t input_look(struct input *input, size_t want, const uint8_t **ret, struct failure *f);

/* Takes `n` of the bytes that were visible. */
void input_take(struct input *input, size_t n);

/* How many were taken so far. */
uint64_t input_offset(const struct input *input);
