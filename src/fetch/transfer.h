/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file on its way: what is known of it, over all the connections that it takes. For fetch.c. */
#pragma once

#include "src/common/failure.h"
#include "src/common/http_resume.h"
#include "src/common/sha256.h"
#include "src/fetch/fetch_request.h"

#include <stddef.h>

struct transfer {
	const struct fetch_request *request;
	struct failure *f;
	struct sha256 hash;
	uint64_t done, size; /* bytes; size is HTTP_RESUME_UNKNOWN at first */
	uint64_t furthest;   /* the most that `done` ever was … */
	uint64_t last_byte;  /* … and when it became that; clock_ms() */
	uint64_t began;	     /* clock_ms() */
	uint64_t said;	     /* when something was told last, or when it began */
	bool shown;	     /* that bytes came was among it */
	char *validator;     /* what If-Range can say of the first answer; owned; NULL: nothing */
};

/*
 * Begins with an empty file. The request and `f`, which gets all failures, must outlive the
 * transfer. Returns 0 or -ENOMEM; call transfer_done() in either case.
 */
int transfer_begin(struct transfer *transfer, const struct fetch_request *request,
		   struct failure *f);
void transfer_done(struct transfer *transfer);

/* Returns whether the next attempt can ask for the rest; else call transfer_restart(). */
bool transfer_resumes(const struct transfer *transfer);
/* Forgets what came so far. Returns 0 or -errno. */
int transfer_restart(struct transfer *transfer);

/*
 * Returns the last moment of the fetch, on the clock of clock_ms(), over all its attempts. It has
 * its patience, 20 seconds at least, and a second more for each 100 kB that came; and in all 20
 * times its patience, half an hour at least.
 */
uint64_t transfer_last_moment(const struct transfer *transfer);

/* Fills the failure of a fetch whose last moment is over. Returns -ETIMEDOUT. */
int transfer_fail_slow(struct transfer *transfer);

/*
 * Judges an answer before its first byte is taken: is it the complete file, for which there is
 * room, or the rest that was asked for? Returns 0, or -errno with a failure for any other answer.
 */
int transfer_judge(struct transfer *transfer, long status, const struct http_answer *answer);
/* Writes a piece of the body. Returns 0, or -errno with a failure: stop reading this answer. */
int transfer_body(struct transfer *transfer, const void *data, size_t len);
/* Checks a file that has come: its size and, if one is wanted, its digest. Returns 0 or -errno. */
int transfer_check(struct transfer *transfer);
