/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compressing a file in a thread, while its caller does other work. */
#pragma once

#include "initrd-builder/write/encoder.h"
#include "src/common/failure.h"

struct compress;

/*
 * Starts compressing the file `from` into the open file `out`, whose path is `path`, for messages.
 * `out` must stay open until the end. Returns NULL with `f` filled in where it cannot begin.
 */
struct compress *compress_start(const struct compression *compression, enum compress_effort effort,
				const char *from, int out, const char *path, struct failure *f);

/* Waits for the end, and calls `tick` a few times a second meanwhile. Returns 0 or -errno, -EINTR
 * after a signal (interrupt.h). */
int compress_wait(struct compress *compress, void (*tick)(void *arg), void *arg, struct failure *f);

/* Stops it if it still runs. */
void compress_free(struct compress *compress);

static inline void compress_free_p(struct compress **compress)
{
	compress_free(*compress);
}
#define auto_compress __attribute__((cleanup(compress_free_p)))
