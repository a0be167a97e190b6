/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file on its way: what is known of it, over all the connections that it takes. For fetch.c. */
#ifndef FETCH_TRANSFER_H
#define FETCH_TRANSFER_H

#include "src/fetch/fetch.h"

#include <openssl/evp.h>
#include <stdbool.h>

#define VALIDATOR_MAX 256

/* What the headers of the answer at hand say; those of a redirect are forgotten with the next. */
struct answer {
	long status;
	uint64_t length;	       /* Content-Length; UINT64_MAX: none */
	uint64_t start, size;	       /* Content-Range */
	bool ranged;		       /* … has been there */
	char validator[VALIDATOR_MAX]; /* a strong ETag, or Last-Modified; "": none */
	bool judged;		       /* its first byte has come, and it may have more */
};

struct transfer {
	const struct fetch_request *request;
	struct failure *f;
	EVP_MD_CTX *hash;
	uint64_t done, size;	       /* bytes; size is UINT64_MAX until it is known */
	uint64_t furthest;	       /* the most that `done` ever was … */
	uint64_t last_byte;	       /* … and when it became that; clock_ms() */
	uint64_t said;		       /* when something was told last, or when it began */
	bool shown;		       /* that bytes came was among it */
	char validator[VALIDATOR_MAX]; /* of the first answer */
	struct answer answer;
};

int transfer_begin(struct transfer *transfer, const struct fetch_request *request,
		   struct failure *f);
void transfer_done(struct transfer *transfer);

/* Is it worth going on where it broke? Else it begins anew. */
bool transfer_resumes(const struct transfer *transfer);
/* Forgets what came so far. Gives 0 or -errno. */
int transfer_restart(struct transfer *transfer);

/* One header line, of `len` bytes, with its end. */
void transfer_header(struct transfer *transfer, const char *line, size_t len);
/* A piece of the body. -errno with a failure: nothing more of this answer is wanted. */
int transfer_body(struct transfer *transfer, const void *data, size_t len);
/* The end: has it the digest that was asked for? */
int transfer_check(struct transfer *transfer);

#endif
