/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A jail for what reads the bytes of strangers: a child process that can compute, answer, and
 * nothing else. In it
 *
 * - the user is JAIL_ID where root started it, an id that no user has (systemd gives out none of
 *   65520 to 65533, and every container has it); where there is no such id to take, and for
 *   ordinary users, it is who started it;
 * - there are no capabilities, none to be had again (no_new_privs, empty bounding set);
 * - only the descriptors that are given are open, 0 to 2 are /dev/null;
 * - a filter of system calls (jail_filter.h) allows a function reading, memory and little else,
 *   and denies a program sockets, other processes, mounts and the like. A kernel without such
 *   filters (CONFIG_SECCOMP_FILTER) runs it without;
 * - the network is an empty one of its own where the kernel lets it, beside that filter;
 * - memory, processor time, files and their sizes have limits, and core dumps are off.
 *
 * The parent waits, with a deadline, and looks at `stop`: the child is killed at once. It needs no
 * namespaces of users, and Linux 4.19 or later.
 */
#pragma once

#include "src/common/failure.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define JAIL_ID 65533 /* the user and the group */

struct jail {
	/* What is looked at, put in front of what ends the jail itself; may be NULL. */
	const char *name;

	/*
	 * A function: what it writes to `answer` is the answer, and its result and failure are
	 * those of run_jailed(). Its `f` is empty.
	 */
	int (*work)(void *arg, FILE *answer, struct failure *f);
	void *arg;

	/*
	 * Or a program, with an end of argv and env as in program.h: its output is the answer, or
	 * goes to the descriptor `output` (-1: nowhere).
	 */
	const char *const *argv;
	const char *const *env;
	int output;

	const int *keep;     /* descriptors that stay open, -1 behind the last; NULL: none */
	int dir;	     /* a directory that it stands in, /proc/self/cwd to it; 0: the root */
	bool makes;	     /* may a function make files, below `dir` or where all may? */
	bool opens;	     /* may a function open files to read them? */
	bool reads_all;	     /* the same, and whatever their mode is (CAP_DAC_READ_SEARCH) */
	uint64_t memory;     /* of its addresses, in bytes; 0: 1 GiB */
	uint64_t file;	     /* the size of a file that it writes; 0: it writes none */
	unsigned cpu_s;	     /* of processor time; 0: 60 */
	unsigned deadline_s; /* until it is killed; 0: four times the processor time */
	size_t answer_max;   /* in bytes; 0: 64 KiB */
	void (*tick)(void *arg); /* called a few times a second during that time; may be NULL */
	void *tick_arg;
	const volatile sig_atomic_t *stop; /* not 0: it ends, with -EINTR; may be NULL */
};

/*
 * Runs it, and waits for its end. *ret is the answer with a NUL behind it, the caller's, also where
 * the function fails, and NULL where the jail ended it; its bytes are a stranger's. Gives what the
 * function gave, 0 or more or -errno with `f` filled in; of a program the exit status; or how the
 * jail ended: -EINTR, -ENOMEM (memory), -ETIME (processor time, deadline), -E2BIG (answer), -EPROTO
 * (it died). Other failures of its own are -errno too.
 */
int run_jailed(const struct jail *jail, char **ret, size_t *ret_len, struct failure *f);
