/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/step.h"

/*
 * Looks for a copy of the lower on the upper's disk; boot->copy is the answer. Returns 0, or -errno
 * where the disk cannot be mounted.
 */
int step_find_copy(struct boot *boot, const struct step *step, struct failure *f);

/* Says on the console why the copy is not used. */
void find_copy_warn(const char *why);

/*
 * Makes the answer COPY_NONE, and the copy one that is not used again: the service of the booted
 * system completes it or makes a new one.
 */
void find_copy_drop(struct boot *boot);

/* Counts one more boot on the copy; copy_fill.c sets the count to 0 when a boot comes up. */
void find_copy_count_try(struct boot *boot);
