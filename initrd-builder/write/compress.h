/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compressing a half of an image. The first one is made seldom and read by every boot: as small as
 * it gets. The second one is waited for: what a second or so gives. The bytes do not depend on the
 * number of processors.
 */
#ifndef BUILDER_COMPRESS_H
#define BUILDER_COMPRESS_H

#include "initrd-builder/root/compression.h"
#include "src/common/program.h"

enum compress_effort {
	COMPRESS_SMALL,
	COMPRESS_QUICK,
};

/* Starts it on a file; the result is compress_result(). What it says goes to `log_fd`. */
int compress_start(const struct compression *compression, enum compress_effort effort,
		   const char *path, int log_fd, pid_t *ret, struct failure *f);

/* Waits for that; a failure of the program is one of this call. */
int compress_wait(const struct compression *compression, pid_t pid,
		  const struct program_watch *watch, struct failure *f);

/* The path of what comes of `path`; the caller's. */
char *compress_result(const struct compression *compression, const char *path);

#endif
