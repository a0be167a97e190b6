/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lower's copy, for the step that mounts the lower. */
#ifndef ROOTOVL_CACHE_FIND_H
#define ROOTOVL_CACHE_FIND_H

#include "src/rootovl/steps/steps.h"

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
