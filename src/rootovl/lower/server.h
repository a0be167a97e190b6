/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks whether the server of the lower answers, by a child process that may hang in the kernel. */
#pragma once

#include <stdint.h>
#include <sys/types.h>

/* Holds one question to the server. Initialize it with { .child = 0 }. */
struct server_question {
	pid_t child;	/* the process that asks; 0 if there is none */
	uint64_t heard; /* when the server last answered, or when the first question began;
			   clock_ms() */
};

/*
 * Asks the server of the lower, or waits at most `ms` for the answer to the last question. Returns
 * for how many seconds the server has been silent. The question is statfs(2) on RUN_LOWER, or a
 * direct read of its NBD device. If nothing is mounted there, that counts as an answer. Holds no
 * descriptor, which would keep the mount busy.
 */
unsigned server_silent_s(struct server_question *question, unsigned ms);
