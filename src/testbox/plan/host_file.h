/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The YAML file of a host, testbox(8), HOST FILES. Beside our own keys it may have those of
 * Compass-CI's and LKP's files (host_foreign.h); another key is a failure.
 */
#pragma once

#include "src/testbox/plan/host.h"

/* Which keys a file has. */
struct host_file_said {
	bool something; /* one at least */
	bool nics;
};

/* Puts what the text says over what is in *host; `file` is its name for failures. */
int host_file_read(struct host *host, const char *file, const char *text,
		   struct host_file_said *ret, struct failure *f);

/* "8G", "512M", "64K" or bytes. Gives 0 or -EINVAL. */
int host_file_size(const char *text, uint64_t *ret);

/* The names of the keys, for the manual page's test; NULL behind the last. */
const char *host_file_key(size_t i);
