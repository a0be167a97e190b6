/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fetches URLs into the cache, all at once. A file that the cache has is asked for again by its
 * ETag or Last-Modified (RFC 9110, 13.1); one that was cut is gone on with by Range and If-Range
 * (14.2); of several processes that want one URL, one fetches it and the others wait. What can heal
 * (no connection, a cut one, 5xx, 408, 429) is tried again after growing pauses.
 */
#pragma once

#include "src/common/failure.h"
#include "src/testbox/download/download_options.h"

#include <signal.h>
#include <stddef.h>

struct download {
	const char *url;
	/*
	 * The whole file, open for reading, also after it leaves the cache; the caller's. Before:
	 * what the caller has opened for a file: URL, and else -1.
	 */
	int fd;
};

/*
 * All of them or none: the first that cannot be had ends the others, and the parts that came leave
 * the cache. Gives 0; -EINTR once *stop is not 0, and then the parts stay; or another failure.
 */
int download_all(struct download *list, size_t n, const struct download_options *options,
		 const volatile sig_atomic_t *stop, struct failure *f);
