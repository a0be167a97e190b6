/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the host's file system has room for a machine's disks. */
#pragma once

#include "src/testbox/machine/box.h"
#include "src/testbox/plan/machine_plan.h"

#include <signal.h>
#include <stdint.h>

/*
 * What the file system of the state folder has left for disks, in bytes: without a tenth of it, and
 * without that which the disks of other testboxes may still take.
 */
uint64_t room_left(const char *state);

/*
 * Waits, for at most `seconds`, until there is room for what the plan's disks may become, and
 * promises it to this box. -ENOSPC: it did not come to be, or the file system is too small for
 * them; -EINTR: *stop was set.
 */
int room_wait(const struct box *box, const struct machine_plan *plan, unsigned seconds,
	      const volatile sig_atomic_t *stop, struct failure *f);

/*
 * Is less than the half of that tenth left where an open folder is, or of the files that the file
 * system can have? A running machine has to end then.
 */
bool room_is_short(int dir);

/* The box's file of its promise, in its run/. Owned. */
char *room_file(const struct box *box);
