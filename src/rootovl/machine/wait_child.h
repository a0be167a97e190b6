/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiting for processes that may hang in the kernel, and asking a mount's server by one. */
#ifndef ROOTOVL_WAIT_CHILD_H
#define ROOTOVL_WAIT_CHILD_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Waits `ms` at most for a child's end; gives true, and its status (wait(2)) in *ret unless that is
 * NULL, or false where it still runs. It looks ten times a second, and needs no signal for it.
 */
bool wait_child(pid_t child, unsigned ms, int *ret);

/* sync(2), waited for `ms` at most: a dead disk or server would hold it for ever. */
void sync_within(unsigned ms);

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

#endif
