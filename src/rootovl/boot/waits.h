/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Saying what a boot waits for, where the boot itself is held up and cannot. */
#pragma once

#include "src/rootovl/plan/boot_state.h"

#include <sys/types.h>

/* What is watched; the rest begins as 0. */
struct waits {
	pid_t child;
	const struct boot_progress *progress;
	unsigned held; /* how often in a row the kernel held the child */
};

/*
 * Looks at the child, once a second. Where a step has been under way for ten seconds, and the
 * console got no line meanwhile, it gets one: the step, and whether the kernel waits for the server
 * in it.
 */
void waits_tell(struct waits *waits);

/*
 * Gives the text of such a line, after `ms` of the step. `held`: the kernel holds the child. Owned
 * by the caller.
 */
char *waits_text(const struct boot_progress *progress, uint64_t ms, bool held);
