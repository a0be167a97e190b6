/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The second half of an image: what one kernel adds to the userspace of the first. The modules of
 * our lists with all that they need, packed as they are in the root; their firmware; depmod's
 * files; the record of what the image was made from.
 */
#pragma once

#include "initrd-builder/build/features.h"
#include "initrd-builder/build/parts.h"
#include "initrd-builder/build/staging.h"
#include "initrd-builder/root/rootfs.h"
#include "src/common/program.h"

#include <stdbool.h>

#define KERNEL_HALF "kernel.cpio" /* in the staging directory */

struct kernel_half {
	const struct staging *staging;
	const struct parts *parts;
	features with;
	const struct rootfs *root;
	const char *version;
	char *const *modules; /* of modules_stage() */
	const char *record;   /* the text of KERNEL_RECORD */
	int log_fd;
	const struct program_watch *watch;
};

/* The lists of modules that an image has, one behind the other; `ret` is the caller's. */
int kernel_half_lists(const struct parts *parts, features with, char **ret, struct failure *f);

/*
 * Makes STAGING/KERNEL_HALF, not compressed. A kernel without overlay is a failure. `ret_network`:
 * has it a network file system?
 */
int kernel_half_make(const struct kernel_half *half, bool *ret_network, struct failure *f);
