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

/* Whether a build that took too long was ended. */
enum watch_late {
	WATCH_IN_TIME,
	WATCH_ASKED, /* to end, by SIGTERM */
	WATCH_KILLED,
};

struct watch_root {
	char *path;
	const char *below; /* the part of it that is below the watched directory */
	enum watch_state state;
	uint64_t due;		/* when to look at it, or to end its build; WATCH_NEVER */
	char *seen;		/* how what is built from looked at last; NULL: not yet */
	char **archs;		/* of its kernels */
	char *inputs, *outputs; /* how it and what was built looked after the last build */
	uint64_t retry;		/* a failed build: when to try again */
	unsigned failures;	/* in a row; those count that took too long or met a lock */
	pid_t pid;		/* that builds */
	int said;		/* what it says on standard error */
	uint64_t begun;		/* the last build; 0: none yet */
	enum watch_late late;
	bool touched; /* something changed while it was built */
	bool found;   /* by the last scan */
};

/* Keeps the state of a root whose path is `dir`, "/" and more. */
struct watch_root *watch_root_new(const char *dir, const char *path);
void watch_root_free(struct watch_root *root);

/* Something changed in it, or may have. */
void watch_root_touch(struct watch_root *root, const struct watch_options *options);

/*
 * Looks at it: what is settled and not as it was after the last build is ready then. Here and
 * below, `dir_fd` is the watched directory's, from which the root is found without following links.
 */
void watch_root_look(struct watch_root *root, const struct watch_options *options, int dir_fd);

/*
 * Starts its build, in a process that ends, and cleans up, when this one does. It is opened and
 * looked at once more, and is built by that descriptor; what looks different now has to settle.
 */
int watch_root_build(struct watch_root *root, const struct watch_options *options, int dir_fd,
		     const struct parts *parts, struct containers *containers, struct failure *f);

/* Ends a build that took too long: asks it first, and kills its process group at the next call. */
void watch_root_overdue(struct watch_root *root);

/* Is this one to be built before the other? Those that failed or were slow come last, then those
 * that were built last. */
bool watch_root_before(const struct watch_root *root, const struct watch_root *other);

/* Says how the build went, if it has ended; looks at the root again then. */
void watch_root_ended(struct watch_root *root, const struct watch_options *options, int dir_fd);
