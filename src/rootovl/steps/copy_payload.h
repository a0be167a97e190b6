/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/step.h"

/*
 * Returns whether an earlier attempt in this boot began to move the payload, and records that in
 * *f. The moved files are gone, so another attempt cannot succeed.
 */
bool copy_payload_was_moved(struct failure *f);

/* Moves the payload to the upper and counts it in boot->copied. Returns 0 or -errno. */
int step_copy_payload(struct boot *boot, const struct step *step, struct failure *f);
