/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `initrd-builder build`: the image and the archive of modules for each kernel of a root. */
#pragma once

#include "initrd-builder/build/containers.h"
#include "initrd-builder/build/features.h"
#include "initrd-builder/build/parts.h"
#include "initrd-builder/root/kernels.h"
#include "initrd-builder/root/rootfs.h"

#include <stdbool.h>

struct build_options {
	const char *output; /* the directory; NULL: the root's own /boot */
	const char *kver;   /* only this kernel; NULL: every one */
	const char *arch;   /* only kernels of this architecture, a static name; NULL: of any */
	features with;	    /* what is asked for besides */
	const char *cache;  /* where userspaces are kept */
	const char *engine, *image; /* see struct containers */
	bool force;		    /* what is current as well */
	bool no_wait;		    /* for another builder: that is -EAGAIN then */
};

/*
 * The architecture that a kernel's image is built for: the kernel's own, where nothing tells it the
 * one that was asked for, else this machine's. Static.
 */
const char *build_arch(const struct kernel *kernel, const struct build_options *options);

/*
 * Builds for one root what is not current, and shows its progress; waits for another builder in the
 * same place. Gives how many kernels it built for, or -errno with a record in `f`: -ENXIO where the
 * root has no kernel.
 */
int build_root(const char *path, const struct build_options *options, const struct parts *parts,
	       struct containers *containers, struct failure *f);

/* The same for a root that is open: it is found by its descriptor alone. */
int build_opened(const struct rootfs *root, const struct build_options *options,
		 const struct parts *parts, struct containers *containers, struct failure *f);
