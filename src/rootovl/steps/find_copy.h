/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/step.h"

/*
 * Looks for a copy of the lower on the upper's disk, and stores the result in boot->copy. Returns
 * 0, or -errno if the disk cannot be mounted.
 */
int step_find_copy(struct boot *boot, const struct step *step, struct failure *f);

/* Reports on the console why the copy is not used. */
void find_copy_warn(const char *why);

/*
 * Sets boot->copy.answer to COPY_NONE and makes the copy invalid. The service of the booted system
 * completes the copy or makes a new one.
 */
void find_copy_drop(struct boot *boot);

/* Counts one more boot on the copy. copy_fill.c resets the count when a boot succeeds. */
void find_copy_count_try(struct boot *boot);
