/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looking after a running machine until it ends, or must. */
#pragma once

#include "src/testbox/machine/console.h"
#include "src/testbox/machine/cut_log.h"
#include "src/testbox/machine/qmp.h"
#include "src/testbox/machine/results_room.h"
#include "src/testbox/machine/run_result.h"

#include <signal.h>
#include <stdint.h>

enum acknowledged {
	ACK_NOT_WANTED,
	ACK_WANTED,
	ACK_DONE,
	ACK_REFUSED, /* the helper says that it failed, and why */
};

struct machine_watch {
	struct box *box;
	pid_t qemu;
	struct console console;
	struct qmp qmp;
	struct cut_log output, share_output; /* QEMU's, and the virtiofsds' */
	int port;			     /* where the personality is acknowledged; -1: closed */
	enum acknowledged acknowledged;
	struct lines port_lines;
	unsigned timeout;	      /* seconds for all of it */
	unsigned acknowledge;	      /* seconds for the acknowledgement, in each boot */
	bool keep_failed;	      /* a machine whose boot failed runs on */
	uint64_t began_ms, boot_ms;   /* the machine, and its present boot; clock_ms() */
	uint64_t trouble_ms, stop_ms; /* since when; 0: it is well, nobody asked for its end */
	unsigned boots_failed;	      /* of those that then rebooted */
	bool resetting;		      /* it was let reset itself, and has not said anything since */
	const volatile sig_atomic_t *stop;
	int writes;	    /* a folder of the file system that its disks fill; -1: it has none */
	const char *result; /* the name of the folder for results, for people */
	struct results_room results;
};

/*
 * Returns when QEMU is gone, or has to go: then it still runs, and is the caller's to end (it is
 * on the list of what is to be undone). Fills in `end` and `reason` of *ret.
 */
int machine_watch(struct machine_watch *watch, struct run_result *ret, struct failure *f);
