/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the builder shows: a line for each step when it is done, with its time; on a terminal also
 * the one that is running.
 */
#pragma once

#include "src/common/macro.h"

#include <stdint.h>

/* A step that runs; begin it by progress_begin(). */
struct progress {
	const char *what; /* "image" */
	uint64_t begun;	  /* clock_ms() */
};

void progress_begin(struct progress *step, const char *what);

/* The live line; where there is no terminal, nothing. */
void progress_tick(void *step);

/* The step's line: what it was, its time, and the rest. */
void progress_end(const struct progress *step, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Takes the live line away, so that something else can be said. */
void progress_clear(void);

/* Says that another builder is at work in this directory; for lock_take(). */
void progress_waits(const char *dir);

/* "12.3 MB"; in a static buffer. */
const char *progress_size(int64_t bytes);
