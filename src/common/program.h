/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs another program without a shell. Its standard input is empty. It has its own process group,
 * so that its children can be ended too, and it is killed when its parent dies.
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
	const int *keep;	 /* further descriptors for it, ended by -1; may be NULL */

	/*
	 * Called last in the child, after its output is set up. It may drop privileges. Returns 0,
	 * or an errno value if the program must not run. May be NULL.
	 */
	int (*prepare)(const void *arg);
	const void *prepare_arg;

	/*
	 * Called with the PID before the child runs, for example to put it into a cgroup. If this
	 * fails, the program is not run. May be NULL.
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

/* Starts a program. A program that does not exist is a failure of this call. */
int program_start(const struct program *program, pid_t *ret, struct failure *f);

/* Waits for the end. Returns the exit status, 128 + the number of a fatal signal, or -errno. */
int program_wait(pid_t pid, const struct program_watch *watch, struct failure *f);

/*
 * Ends the program and its process group by SIGTERM, and by SIGKILL after five seconds. After five
 * more seconds it gives up, because the process may be blocked in the kernel.
 */
void program_end(pid_t pid);

/* Calls program_start() and program_wait(). `watch` may be NULL. */
int program_run(const struct program *program, const struct program_watch *watch,
		struct failure *f);
