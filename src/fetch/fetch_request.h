/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

/* What to fetch, and how. */
struct fetch_request {
	const char *url;
	int file;	      /* what is fetched is written here, from its beginning */
	const char *digest;   /* SHA-256 that it must have, 64 lower-case digits; NULL: any */
	const char *ca_file;  /* the certificates that HTTPS trusts; NULL: those of libcurl's TLS */
	const char *ca_text;  /* what is in it, read before; NULL: the file is opened */
	unsigned patience;    /* seconds that may pass without a byte more than ever before; all of
				 it ends by this too, see transfer_last_moment() */
	unsigned progress_ms; /* between two calls of … */
	/* … this, from the first bytes on; `waiting`: for what time may heal, every ten seconds. */
	void (*progress)(uint64_t done, uint64_t size, const char *waiting);
};
