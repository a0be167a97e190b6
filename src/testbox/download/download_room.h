/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The room that the downloads of one script may take: together no more than a limit, and of the
 * file system a tenth, 10 GiB at most, stays free for the logs and disks of all testboxes.
 */
#pragma once

#include "src/common/failure.h"
#include "src/testbox/download/download_cache.h"

#include <stdint.h>

/*
 * Returns the bytes that may be written to the file system of a descriptor before its reserve
 * begins; UINT64_MAX if it does not say.
 */
uint64_t download_room_left(int fd);

struct download_room {
	const struct download_cache *cache;
	uint64_t most;	  /* bytes that the script's files may have together */
	uint64_t sum;	  /* of them, what is there */
	uint64_t awaited; /* what servers announced, and has not come yet */
};

/* What one attempt has of it. Begin with all of it zero. */
struct download_share {
	uint64_t counted; /* in `sum` */
	uint64_t awaited; /* in `awaited` */
};

/*
 * Counts a file before its first byte is written: `have` bytes of it are there, `rest` will come
 * (0: unknown). Removes old entries of the cache if the room is short. Returns 0, -ENOSPC or
 * -EFBIG.
 */
int download_room_begin(struct download_room *room, struct download_share *share, uint64_t have,
			uint64_t rest, const char *shown, struct failure *f);

/* Counts `len` bytes before they are written. Returns 0, -ENOSPC or -EFBIG. */
int download_room_take(struct download_room *room, struct download_share *share, uint64_t len,
		       const char *shown, struct failure *f);

/* Forgets what the attempt still awaited. */
void download_room_end(struct download_room *room, struct download_share *share);
