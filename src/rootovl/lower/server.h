/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asking whether the server of the lower is alive, by a process that may hang in the kernel. */
#pragma once

#include <stdint.h>
#include <sys/types.h>

/* Whether the server of a mount answers; one question at a time. Begins as { .child = 0 }. */
struct server_question {
	pid_t child;	/* 0: none was asked */
	uint64_t heard; /* when it last answered, or the asking began; clock_ms() */
};

/*
 * Asks the lower's server, or waits for the answer to what was asked, for `ms` at most; gives for
 * how many seconds it has now been silent. The question is statfs(2) on RUN_LOWER, or a
 * read of its NBD past the cache; nothing there is an answer too. No descriptor is held: it would
 * keep the mount busy.
 */
unsigned server_silent_s(struct server_question *question, unsigned ms);
