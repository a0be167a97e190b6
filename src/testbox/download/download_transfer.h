/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One URL on its way into the cache: a single attempt. download.c decides about all of them. */
#pragma once

#include "src/common/http_resume.h"
#include "src/testbox/download/address_policy.h"
#include "src/testbox/download/download_cache.h"
#include "src/testbox/download/download_options.h"
#include "src/testbox/download/download_room.h"

#include <curl/curl.h>

enum transfer_state {
	TRANSFER_WAITS, /* for its lock, or for the time of its next attempt */
	TRANSFER_RUNS,
	TRANSFER_DONE,
};

struct download_transfer {
	const struct download_options *options;
	const struct download_cache *cache;
	struct download_room *room;
	const char *url;
	char *shown; /* the URL without a password */
	enum transfer_state state;
	struct cache_entry entry; /* its lock is held from the first attempt to the end */
	int whole;		  /* the cache's file, or -1 */

	/* Of the attempt that runs. */
	CURL *easy;
	struct curl_slist *asked; /* headers */
	int part;
	uint64_t part_size; /* bytes in it */
	bool has_body;	    /* the first byte of a file has come */
	struct http_answer answer;
	struct download_share share; /* of the room */
	char error[CURL_ERROR_SIZE];
	struct address_policy policy;
	struct failure failure; /* of a callback: the disk, the server's nonsense */

	/* Of all attempts. */
	uint64_t total;	   /* bytes, as the server says; 0: it does not. For the eye only. */
	uint64_t farthest; /* the largest part_size so far: what is sent twice is no progress */
	unsigned failed;   /* attempts since it last got on */
	double next_try, got_on, began; /* seconds, as download.c counts them */
	bool from_cache, resumed;
};

/* Sets up an attempt: what is asked for depends on what the cache has. */
int download_transfer_start(struct download_transfer *transfer, struct failure *f);

/*
 * Judges an answer with this status, 200 or 206, by transfer->answer, before its first byte.
 * Returns 0, or -errno with transfer->failure: stop reading.
 */
int download_transfer_begin(struct download_transfer *transfer, long status);
/* Writes a piece of its body. Returns the same. */
int download_transfer_body(struct download_transfer *transfer, const void *data, size_t len);

enum transfer_verdict {
	VERDICT_DONE,
	VERDICT_AGAIN, /* `f` says why */
	VERDICT_FAILED,
};

/* After curl's end of the attempt: `whole` is open where it is done. */
enum transfer_verdict download_transfer_finish(struct download_transfer *transfer, CURLcode code,
					       struct failure *f);

/* Releases what an attempt holds. */
void download_transfer_stop(struct download_transfer *transfer);
/* All of it, and the lock. */
void download_transfer_end(struct download_transfer *transfer);
