/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define FINDINGS_MAX                                                                               \
	20 /* that are shown; the others are counted: 16 kB of an archive make 500,000 */

/* What verify found wrong, or what the boot will do. */
struct finding {
	const char *file;
	unsigned segment; /* 0: between segments */
	uint64_t offset;  /* of the segment, or of what is between them */
	const char *compression;
	const char *path; /* "/usr/lib"; NULL: it is about the segment */
	const char *text;
	bool note; /* nothing is wrong */
};
