/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first half of an image: the userspace, which does not depend on the kernel. It is made once
 * for what goes into it and kept, compressed, in the cache.
 */
#ifndef BUILDER_USERSPACE_H
#define BUILDER_USERSPACE_H

#include "initrd-builder/base/progress.h"
#include "initrd-builder/build/engine.h"
#include "initrd-builder/build/extras.h"
#include "initrd-builder/build/lock.h"
#include "initrd-builder/build/places.h"
#include "initrd-builder/root/kernels.h"
#include "initrd-builder/write/output.h"
#include "initrd-builder/write/staging.h"

#include <stdbool.h>

/* What its making said about it, lines, in the image. */
#define USERSPACE_NOTES "usr/lib/rootovl/userspace-notes"

/* The directory that they are kept in, unless told otherwise. */
#define USERSPACE_CACHE "/var/cache/rootovl"

struct userspace {
	const struct container *container;
	const struct places *places;
	const char *cache; /* a directory, which is made if need be */
	extras with;	   /* what is asked for besides */
};

/*
 * The key of a userspace: the same key, the same bytes. It is of the container, or of this
 * machine's packages and our own files; of the compression; of SOURCE_DATE_EPOCH. `ret` is the
 * caller's.
 */
int userspace_key(const struct userspace *userspace, const struct compression *compression,
		  char **ret, struct failure *f);

/* One that is opened, or made. */
struct userspace_work {
	int fd;	     /* of the finished one, or -1 */
	int dir_fd;  /* of the cache */
	pid_t pid;   /* what compresses it, or 0 */
	char *small; /* what comes of that */
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

#endif
