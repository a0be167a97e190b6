/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One root that is watched: is it settled, does it need a build, and the process that builds. Each
 * thing that happens to it is a line on standard output. Times are of clock_ms().
 */
#pragma once

#include "initrd-builder/watch/watch_options.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define WATCH_NEVER UINT64_MAX

enum watch_state {
	WATCH_SETTLING, /* until it looks the same for a while */
	WATCH_IDLE,
	WATCH_READY, /* to be built */
	WATCH_BUILDING,
};

struct watch_root {
	char *path;
	enum watch_state state;
	uint64_t due;		/* when to look at it; WATCH_NEVER */
	char *seen;		/* how what is built from looked at last; NULL: not yet */
	char **archs;		/* of its kernels */
	char *inputs, *outputs; /* how it and what was built looked after the last build */
	uint64_t retry;		/* a failed build: when to try again */
	unsigned failures;	/* in a row */
	pid_t pid;		/* that builds */
	int said;		/* what it says on standard error */
	uint64_t begun;
	bool touched; /* something changed while it was built */
	bool found;   /* by the last scan */
};

struct watch_root *watch_root_new(const char *path);
void watch_root_free(struct watch_root *root);

/* Something changed in it, or may have. */
void watch_root_touch(struct watch_root *root, const struct watch_options *options);

/* Looks at it: what is settled and not as it was after the last build is ready then. */
void watch_root_look(struct watch_root *root, const struct watch_options *options);

/* Starts its build, in a process that ends, and cleans up, when this one does. */
int watch_root_build(struct watch_root *root, const struct watch_options *options,
		     const struct parts *parts, struct containers *containers, struct failure *f);

/* Has the build ended? Then it tells how. */
bool watch_root_ended(struct watch_root *root, const struct watch_options *options);
