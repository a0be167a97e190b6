/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first half of an image: the userspace, which does not depend on the kernel. It is made once
 * for what goes into it and kept, compressed, in the cache.
 */
#ifndef BUILDER_USERSPACE_H
#define BUILDER_USERSPACE_H

#include "engine.h"
#include "kernels.h"
#include "places.h"
#include "staging.h"

#include <stdbool.h>

/* The directory that they are kept in, unless told otherwise. */
#define USERSPACE_CACHE "/var/cache/rootovl"

struct userspace {
	const struct container *container;
	const struct places *places;
	const char *cache; /* a directory, which is made if need be */
	bool live;	   /* with what fetches an image over HTTP */
};

/*
 * The key of a userspace: the same key, the same bytes. It is of the container, or of this
 * machine's packages and our own files; of the compression; of SOURCE_DATE_EPOCH. `ret` is the
 * caller's.
 */
int userspace_key(const struct userspace *userspace, const struct compression *compression,
		  char **ret, struct failure *f);

/*
 * Opens it, and makes it before where it is not there. Works in `staging`; what dracut says goes to
 * `log_fd`; shows the progress. Gives a descriptor or -errno.
 */
int userspace_open(const struct userspace *userspace, const struct compression *compression,
		   const char *key, const struct staging *staging, int log_fd, struct failure *f);

#endif
