/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What QEMU or virtiofsd prints, through a pipe into a log that has an end: a machine can make them
 * print without end, and the host's disk is not its own. The beginning is kept, and the last of it.
 */
#pragma once

#include "src/testbox/machine/box.h"

#include <stdbool.h>

#define CUT_LOG_MAX	 (1u << 20)
#define CUT_LOG_TAIL_MAX (64u << 10)

struct cut_log {
	int fd;		/* the pipe, to be polled; -1: closed */
	int writer;	/* for the program; -1: closed */
	int log;	/* -1: closed */
	size_t written; /* to the log */
	char *tail;	/* a ring of CUT_LOG_TAIL_MAX bytes */
	size_t tailed;	/* bytes that came to it */
};

#define CUT_LOG_CLOSED                                                                             \
	{                                                                                          \
		-1, -1, -1, 0, NULL, 0                                                             \
	}

/* Begins the log `name` in the box's folder. The caller closes it, after a failure too. */
int cut_log_open(struct cut_log *output, const struct box *box, const char *name,
		 struct failure *f);
/* Closes the program's end here, once it is started. */
void cut_log_started(struct cut_log *output);
/* Takes what has come, without waiting. Gives whether there was anything. */
bool cut_log_take(struct cut_log *output);
/* The last line of a log that is closed, or where it is; NULL: there is none. The caller's. */
char *cut_log_last_line(const struct box *box, const char *name);
/* Takes the rest, and ends the log with its last lines. What is closed stays so. */
void cut_log_close(struct cut_log *output);
