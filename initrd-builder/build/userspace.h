/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first half of an image: the userspace, which does not depend on the kernel. It is made once
 * for what goes into it and kept, compressed, in the cache.
 */
#pragma once

#include "initrd-builder/base/progress.h"
#include "initrd-builder/build/containers.h"
#include "initrd-builder/build/features.h"
#include "initrd-builder/build/lock.h"
#include "initrd-builder/build/parts.h"
#include "initrd-builder/build/staging.h"
#include "initrd-builder/root/compression.h"
#include "initrd-builder/write/compress.h"
#include "initrd-builder/write/output.h"

#include <stdbool.h>

/* The directory that they are kept in, unless told otherwise. */
#define USERSPACE_CACHE "/var/cache/rootovl"

struct userspace {
	const struct container *container;
	const struct parts *parts;
	const char *cache; /* a directory, which is made if need be */
	features with;	   /* what is asked for besides */
};

/* One that is opened, or made. */
struct userspace_work {
	int fd;			   /* of the finished one, or -1 */
	int dir_fd;		   /* of the cache */
	struct compress *compress; /* while it is made */
	const char *engine;
	const struct compression *compression;
	struct output output;
	struct lock lock; /* of the cache, while it is made */
	struct progress step;
};
#define USERSPACE_NONE                                                                             \
	((struct userspace_work){                                                                  \
		.fd = -1, .dir_fd = -1, .output = OUTPUT_NONE, .lock = LOCK_NONE })

/*
 * Opens it; makes it where it is not there, all but the last step: when this returns it is being
 * compressed, and the caller can do other work. Works in `staging`, until the end of it; what is
 * said goes to `log_fd`; shows the progress.
 */
int userspace_begin(const struct userspace *userspace, const struct compression *compression,
		    const char *key, const struct staging *staging, int log_fd,
		    struct userspace_work *work, struct failure *f);

/* Waits until it is there. Gives its descriptor, which is the work's, or -errno. */
int userspace_end(struct userspace_work *work, struct failure *f);

/* One that is not at its end is given up. */
void userspace_done(struct userspace_work *work);
