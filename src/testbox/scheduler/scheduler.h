/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A scheduler as a testbox sees it: where it is, and how it is asked for a job. The paths are
 * Compass-CI's (src/scheduler/scheduler.cr).
 */
#pragma once

#include "src/common/failure.h"
#include "src/testbox/plan/boot_script.h"

#include <signal.h>
#include <stdbool.h>

struct scheduler {
	const char *url;     /* http, https, ws, wss or file; may have ${mac:hexhyp} and the like */
	const char *name;    /* of the testbox */
	const char *mac;     /* 0a-01-02-03-04-05 */
	const char *queues;  /* its queues, separated by commas; NULL: those the scheduler knows */
	const char *ca_file; /* certificates for https and wss; may be NULL */
	/*
	 * A file whose first line the header Authorization says to this server, and to no other; it
	 * is read for every question, for such tokens age. With it the testbox is what Compass-CI
	 * calls remote: what it tells goes to paths below /api. NULL: none.
	 */
	const char *token_file;
	const char *arch;   /* of the testbox, as uname(1) has it: "x86_64"; NULL: not told */
	unsigned memory_gb; /* of the testbox */
	unsigned pause;	    /* seconds between "no job now" and the next question; 0: 5 */
	unsigned patience;  /* seconds that a scheduler may be out of reach; 0: for ever */
};

/*
 * Asks until there is a job: after "no job now", after a connection that was refused, cut or idle
 * for too long. Gives 0 and a script that ends in BOOT or EXIT. `enough` (NULL: never) is asked
 * before each question: true ends it with EXIT. -EINTR once *stop is not 0. A script that cannot
 * be read, or a question that no other attempt makes better, is a failure.
 */
int scheduler_next_job(const struct scheduler *scheduler, bool (*enough)(void *arg), void *arg,
		       const volatile sig_atomic_t *stop, struct boot_script *ret,
		       struct failure *f);

/*
 * The text of a script behind an http, https or file URL; the caller's. `token` may be NULL,
 * and so may `base`, the URL of the server that named this one. -EIO
 * as in http_ask().
 */
int scheduler_fetch_script(const char *url, const char *base, const char *ca_file,
			   const char *token, const volatile sig_atomic_t *stop, char **ret,
			   struct failure *f);

/* The first line of a token's file, the caller's; NULL for no file. */
int scheduler_token(const char *file, char **ret, struct failure *f);
