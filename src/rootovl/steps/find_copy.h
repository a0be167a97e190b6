/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ROOTOVL_STEP_FIND_COPY_H
#define ROOTOVL_STEP_FIND_COPY_H

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/plan.h"

/* Looks for a copy of the lower on the upper's disk. Returns 0 or -errno. */
int step_find_copy(struct boot *boot, const struct step *step, struct failure *f);
void undo_find_copy(struct boot *boot, const struct step *step);

/*
 * Makes the copy the lower where one was found that may be it, and waits for the network, without
 * asking the server, as for the lower itself. Called before the lower is mounted, for a copy that
 * needs no asking, and after it, for one that must be compared. Gives 1 when the copy is mounted, 0
 * when the server's root has to be, or -errno, where the network does not come.
 */
int cache_take_lower(struct boot *boot, const struct step *step, struct failure *f);

/* Leaves the service that makes the copy, or looks at it, where a copy is wanted at all. */
void cache_leave(struct boot *boot);

/* Lets go of what step_find_copy() holds. */
void cache_release(struct boot *boot);

#endif
