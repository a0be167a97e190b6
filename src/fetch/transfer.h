/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file on its way: what is known of it, over all the connections that it takes. For fetch.c. */
#ifndef FETCH_TRANSFER_H
#define FETCH_TRANSFER_H

#include "src/common/failure.h"
#include "src/common/http_resume.h"
#include "src/fetch/fetch_request.h"

#include <openssl/evp.h>
#include <stddef.h>

struct transfer {
	const struct fetch_request *request;
	struct failure *f;
	EVP_MD_CTX *hash; /* OpenSSL's: with the processor's instructions ten times libmd's pace */
	uint64_t done, size; /* bytes; size is HTTP_RESUME_UNKNOWN at first */
	uint64_t furthest;   /* the most that `done` ever was … */
	uint64_t last_byte;  /* … and when it became that; clock_ms() */
	uint64_t said;	     /* when something was told last, or when it began */
	bool shown;	     /* that bytes came was among it */
	char *validator;     /* what If-Range can say of the first answer; owned; NULL: nothing */
};

int transfer_begin(struct transfer *transfer, const struct fetch_request *request,
		   struct failure *f);
void transfer_done(struct transfer *transfer);

/* Is it worth going on where it broke? Else it begins anew. */
bool transfer_resumes(const struct transfer *transfer);
/* Forgets what came so far. Gives 0 or -errno. */
int transfer_restart(struct transfer *transfer);

/*
 * Judges an answer before its first byte is taken: is it the complete file, for which there is
 * room, or the rest that was asked for? -errno with a failure: nothing of it is wanted.
 */
int transfer_judge(struct transfer *transfer, long status, const struct http_answer *answer);
/* Takes a piece of the body. -errno with a failure: nothing more of this answer is wanted. */
int transfer_body(struct transfer *transfer, const void *data, size_t len);
/* The end: has it the digest that was asked for? */
int transfer_check(struct transfer *transfer);

#endif
