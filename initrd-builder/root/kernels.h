/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernels of a root file system. */
#pragma once

#include "initrd-builder/root/compression.h"
#include "initrd-builder/root/rootfs.h"

struct kernel {
	char *version;
	const struct compression *compression;
	const char *arch; /* as Debian calls it; NULL: nothing tells, see arch.h */
};

struct kernels {
	struct kernel *list;
	size_t n;
};

/*
 * Finds the kernels: a directory in lib/modules is one where it has what came with a kernel, the
 * directory kernel/ or modules.builtin. depmod's files alone are what a removed one left behind.
 * They are sorted by version; only `version` where it is not NULL. None at all is a failure,
 * -ENXIO.
 */
int kernels_find(const struct rootfs *root, const char *version, struct kernels *ret,
		 struct failure *f);
void kernels_done(struct kernels *kernels);
