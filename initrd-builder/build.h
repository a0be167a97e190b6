/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `initrd-builder build`: the image and the archive of modules for each kernel of a root. */
#ifndef BUILDER_BUILD_H
#define BUILDER_BUILD_H

#include "engine.h"
#include "places.h"

#include <stdbool.h>

struct build_options {
	const char *output; /* the directory; NULL: the root's own /boot */
	const char *kver;   /* only this kernel; NULL: every one */
	bool live;	    /* with what fetches an image over HTTP */
	const char *cache;  /* where userspaces are kept */
	bool force;	    /* what is current as well */
};

/*
 * Builds for one root what is not current, and shows its progress; waits for another builder in the
 * same place. Gives how many kernels it built for, or -errno with a record in `f`: -ENXIO where the
 * root has no kernel.
 */
int build_root(const char *path, const struct build_options *options, const struct places *places,
	       const struct container *container, struct failure *f);

#endif
