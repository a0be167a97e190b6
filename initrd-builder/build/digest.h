/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SHA-256 of what went into an image. */
#pragma once

#include "src/common/sha256.h"

#define DIGEST_LENGTH (SHA256_ROOM - 1) /* in hexadecimal */

/* Files and directories of trees, of one digest. Debian's modules and all firmware are a tenth. */
#define DIGEST_ENTRIES 100000

struct digest {
	struct sha256 hash;
	unsigned entries;
};

/* Begins; digest_end() must follow. */
void digest_begin(struct digest *digest);

/* A string and its end. */
void digest_text(struct digest *digest, const char *text);

/* All of a file from where its descriptor stands, and its length. Gives 0 or -errno. */
int digest_file(struct digest *digest, int fd);

/* The contents of all regular files below a directory, by name. Links are followed. */
int digest_contents(struct digest *digest, const char *dir);

/*
 * What is to be seen of a tree without reading it: names, kinds, sizes, times of change of files,
 * targets of links; of no directory the time. Quick, on a file server too. Gives 0, -E2BIG for more
 * than DIGEST_ENTRIES, -EINTR after a signal (interrupt.h), or -errno.
 */
int digest_listing(struct digest *digest, int dir_fd);

/* Ends it. Returns the digest in hexadecimal; the caller frees it. */
char *digest_end(struct digest *digest);
