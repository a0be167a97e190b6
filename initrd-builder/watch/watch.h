/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `initrd-builder watch`: images for all roots below a directory, now and as they come. */
#ifndef BUILDER_WATCH_H
#define BUILDER_WATCH_H

#include "initrd-builder/commands/arguments.h"

struct watch_options {
	const char *dir;
	struct arguments build;
	unsigned jobs;	 /* builds at a time */
	unsigned settle; /* seconds that a root must look the same before it is built */
	unsigned rescan; /* seconds after which everything is looked at, heard of or not */
	unsigned retry;	 /* seconds after a first failed build; each next one doubles them */
};

#define WATCH_RETRY_MAX 3600

/* Runs until a signal comes, which is success; ends the builds then. Gives 0 or -errno. */
int watch_run(const struct watch_options *options, struct failure *f);

#endif
