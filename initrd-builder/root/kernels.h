/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernels of a root file system, and how an image for one may be compressed. */
#ifndef BUILDER_KERNELS_H
#define BUILDER_KERNELS_H

#include "initrd-builder/root/rootfs.h"

#include <stdbool.h>

struct compression {
	const char *name;
	const char *config; /* the kernel's option that says it can unpack it */
};

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

/* The configuration of a kernel, in boot/ or beside its modules; owned; NULL: there is none. */
char *kernel_config(const struct rootfs *root, const char *version);
#define KERNEL_CONFIG_MAX (4 * 1024 * 1024)

/* Is an option, "CONFIG_RD_ZSTD", built in? */
bool kernel_config_has(const char *config, const char *option);

/* The best one that a kernel of this configuration can unpack; `config` NULL: not known. */
const struct compression *compression_choose(const char *config);

#endif
