/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Telling the findings of verify. */
#pragma once

#include "initrd-builder/read/verify_state.h"
#include "src/common/macro.h"

/* Tells a finding about segment `number` (node.segment); `path` may be NULL. */
void verify_tell(struct verify *verify, size_t number, const char *path, const char *fmt, ...)
	PRINTF_LIKE(4, 5);

/* The same of what the boot will do, where nothing is wrong. */
void verify_tell_note(struct verify *verify, size_t number, const char *path, const char *fmt, ...)
	PRINTF_LIKE(4, 5);

/* The same of a segment of `file`, or of what is between two: its number is 0 then. */
void verify_tell_segment(struct verify *verify, const char *file, const struct segment *segment,
			 const char *path, const char *fmt, ...) PRINTF_LIKE(5, 6);
