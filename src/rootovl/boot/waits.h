/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports what a boot waits for while the boot itself is blocked. */
#pragma once

#include "src/rootovl/plan/boot_state.h"

#include <sys/types.h>

/* The state of the watch. Initialize the other members with 0. */
struct waits {
	pid_t child;
	const struct boot_progress *progress;
	unsigned held; /* how many checks in a row found the child blocked in the kernel */
};

/*
 * Checks the child; call it once a second. If a step runs for ten seconds and the console got no
 * line during that time, prints the name of the step, and whether the kernel waits for the server.
 */
void waits_tell(struct waits *waits);

/*
 * Returns the text of such a line after `ms` of the step, owned by the caller. `held` says that the
 * child is blocked in the kernel.
 */
char *waits_text(const struct boot_progress *progress, uint64_t ms, bool held);
