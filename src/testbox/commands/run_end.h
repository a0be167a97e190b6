/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The last word on a machine: what ran, how it ended, where its results are. */
#pragma once

#include "src/testbox/machine/run_result.h"

struct run_ended {
	const char *name;    /* of the testbox */
	const char *what;    /* ran: a job, a script */
	const char *results; /* the folder; NULL: there is none */
	unsigned seconds;
};

/* Tells it in one line; `code` is the exit status that it becomes. */
void run_end_tell(const struct run_ended *end, const struct run_result *result, int code);
