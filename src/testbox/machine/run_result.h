/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

enum run_end {
	RUN_ENDED,    /* the machine switched itself off, or wanted to reboot */
	RUN_CRASHED,  /* its kernel: `reason` */
	RUN_DEADLINE, /* it was still running */
	RUN_FAILED,   /* its boot: `reason` is its own line */
	RUN_IDLE,     /* its root waits at "login:", and nothing starts a job */
	RUN_STOPPED,  /* somebody asked for that: machine_stop.h */
};

/* What came of a machine. */
struct run_result {
	enum run_end end;
	int status; /* the job's exit status, which becomes testbox run's; -1: the job told none */
	char *reason; /* why it ended where that was not the job's own end: "kernel panic"; or NULL
		       */
};

/* Releases the reason and makes the result empty. */
void run_result_done(struct run_result *result);
