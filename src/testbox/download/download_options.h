/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "src/testbox/plan/reach.h"

#include <stdbool.h>
#include <stdint.h>

/* How files are downloaded, and how much the cache keeps of them. */
struct download_options {
	const char *cache;     /* the folder */
	uint64_t cache_bytes;  /* what the cache may hold; 0: 20 GiB */
	uint64_t script_bytes; /* what the files of one script may have together; 0: 20 GiB */
	unsigned cache_days;   /* how long unused; 0: 30 */
	unsigned patience;     /* seconds in which a file must get on; 0: 90 */
	unsigned deadline;     /* seconds for all of them; 0: 3600 */
	const char *ca_file;   /* certificates for https instead of the system's; may be NULL */
	const char *rootfs;    /* the root that the machine will boot, where it is here; or NULL */
	int rootfs_fd;	       /* its descriptor */
	const char *scheduler; /* the URL of the server that named the files; NULL: the user did */
	const struct reach *reach; /* what the host's file allows; NULL: nothing */
	bool quiet;		   /* no progress, no lines for what went well */
};
