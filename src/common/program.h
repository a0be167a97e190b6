/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running another program: no shell in between, nothing on its standard input, in a process group
 * of its own, so that all of it can be ended, and ended when its parent dies.
 */
#pragma once

#include "src/common/failure.h"

#include <signal.h>
#include <sys/types.h>

struct program {
	const char *const *argv; /* ends with NULL; argv[0] is looked for in PATH */
	const char *const *env;	 /* "NAME=value", put over the environment; NULL: none */
	int output;		 /* where its output goes; -1: nowhere */
	int errors;		 /* where its errors go; 0: where its output does; -1: nowhere */
	const int *keep; /* descriptors that it gets besides, -1 behind the last; NULL: none */

	/*
	 * Called in its process, last, with its output in place: it may give up rights there.
	 * Returns 0, or errno: then the program is not run. May be NULL.
	 */
	int (*prepare)(const void *arg);
	const void *prepare_arg;

	/*
	 * Called with its number before it does anything, so that it can be ended also while
	 * it starts children. If this fails, the program is not run. May be NULL.
	 */
	int (*announce)(void *arg, pid_t pid, struct failure *f);
	void *arg;
};

/* What program_wait() does while the program runs. */
struct program_watch {
	const volatile sig_atomic_t *stop; /* not 0: end the program, give -EINTR; may be NULL */
	void (*tick)(void *arg);	   /* called a few times a second; may be NULL */
	void *arg;
};

/* Starts a program. A program that is not there is a failure of this call. */
int program_start(const struct program *program, pid_t *ret, struct failure *f);

/* Waits for its end. Gives its exit status, 128 + signal where one ended it, or -errno. */
int program_wait(pid_t pid, const struct program_watch *watch, struct failure *f);

/*
 * Ends what was started, all of its process group: asked first, killed after five seconds, and left
 * behind after five more, where it waits in the kernel for what does not come.
 */
void program_end(pid_t pid);

/* Both: program_start() and program_wait(); `watch` may be NULL. */
int program_run(const struct program *program, const struct program_watch *watch,
		struct failure *f);
