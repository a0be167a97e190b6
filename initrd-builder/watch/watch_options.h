/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "initrd-builder/build/build.h"

struct watch_options {
	const char *dir;
	struct build_options build;
	unsigned jobs;		/* builds at a time */
	unsigned settle;	/* seconds that a root must look the same before it is built */
	unsigned rescan;	/* seconds after which everything is looked at, heard of or not */
	unsigned retry;		/* seconds after a first failed build; each next one doubles them */
	unsigned build_timeout; /* seconds after which a build is ended */
};

#define WATCH_RETRY_MAX 3600
