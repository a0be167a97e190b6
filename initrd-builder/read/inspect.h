/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `initrd-builder inspect`: what files that are given to the kernel as initrds are made of. */
#pragma once

#include "src/common/failure.h"

#include <stdbool.h>

struct inspect_options {
	bool list; /* the entries too */
	bool json;
};

/*
 * Shows every segment of every file on standard output, the files being open; below 0 a descriptor
 * is -errno of why it is not. What is damaged is told there as well: gives 0, or 1 if anything is,
 * or -errno.
 */
int inspect_files(char *const *paths, const int *fds, const struct inspect_options *options,
		  struct failure *f);
