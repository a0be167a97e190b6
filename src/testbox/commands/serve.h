/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The loop of a testbox: register, ask, run, report, ask again. */
#pragma once

#include "src/testbox/download/boot_files.h"
#include "src/testbox/machine/run_result.h"
#include "src/testbox/scheduler/scheduler.h"

/* Runs one machine, as machine_run() does; `arg` is serve_options' own. */
typedef int serve_run(void *arg, const struct boot_script *script, const struct boot_files *files,
		      const volatile sig_atomic_t *stop, struct run_result *ret, struct failure *f);

struct serve_options {
	struct scheduler scheduler;
	struct download_options downloads;
	const char *dir; /* where a job's kernel and initrd are while it runs */
	const char
		*safe_stop; /* once this file is there, no further job is asked for; may be NULL */
	unsigned beat;	    /* seconds between signs of life; 0: heartbeat.h's */
	const char *log;    /* of the machine, once a job is over … */
	const char *log_server; /* … for scheduler_send_log(); NULL: it is not sent */
	/* Called before a job's files are fetched: what it needs may have changed; may be NULL. */
	int (*begin)(void *arg, struct failure *f);
	serve_run *run;
	void *arg;
};

/*
 * Serves until it is told to leave: by SIGTERM or SIGINT, which let a running job finish (a second
 * one ends it), by the safe-stop file, by a script that ends in exit. A job that fails, a scheduler
 * that is gone and a script that cannot be read are told in the log, and it goes on, after pauses
 * that grow. Gives 0, or a failure where the loop could not begin.
 */
int serve(const struct serve_options *options, struct failure *f);
