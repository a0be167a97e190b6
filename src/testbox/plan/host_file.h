/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The YAML file of a host, testbox(8), HOST FILES. Beside our own keys it may have those that
 * Compass-CI's files have and that say nothing about the machine here; another key is a failure.
 */
#pragma once

#include "src/testbox/plan/host.h"

/* Puts what the text says over what is in *host. *ret_nics: it has `nics`. */
int host_file_read(struct host *host, const char *file, const char *text, bool *ret_nics,
		   struct failure *f);

/* "8G", "512M", "64K" or bytes. Gives 0 or -EINVAL. */
int host_file_size(const char *text, uint64_t *ret);

/* The names of the keys, for the manual page's test; NULL behind the last. */
const char *host_file_key(size_t i);
