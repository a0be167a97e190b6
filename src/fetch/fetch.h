/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fetching one file over HTTP or HTTPS, by libcurl, through broken connections. What the server
 * says of sizes is checked against the room that there is and against what comes.
 */
#ifndef FETCH_FETCH_H
#define FETCH_FETCH_H

#include "src/common/failure.h"

#include <stdint.h>

struct fetch_request {
	const char *url;
	int file;	      /* what is fetched is written here, from its beginning */
	const char *digest;   /* SHA-256 that it must have, 64 lower-case digits; NULL: any */
	const char *ca_file;  /* the certificates that HTTPS trusts; NULL: OpenSSL's own */
	unsigned patience;    /* seconds that may pass without a byte more than ever before */
	unsigned progress_ms; /* between two calls of … */
	/* … this, from the first bytes on; `waiting`: for what time may heal, every ten seconds. */
	void (*progress)(uint64_t done, uint64_t size, const char *waiting);
};

/*
 * Fetches it. A broken connection is taken up where it broke, if the server says that the file is
 * still the same, or if the digest will tell. Gives 0 or -errno: -ENOSPC where the file is larger
 * than the room that the file system of `file` has, which is known before anything is written.
 */
int fetch(const struct fetch_request *request, struct failure *f);

#endif
