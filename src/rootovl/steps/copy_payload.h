/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/step.h"

/*
 * Returns whether an earlier try in this boot has begun to move the payload, which *f then says.
 * What was moved is gone: no second try can succeed.
 */
bool copy_payload_was_moved(struct failure *f);

/* Moves the payload into the upper; boot->copied counts it. Returns 0 or -errno. */
int step_copy_payload(struct boot *boot, const struct step *step, struct failure *f);
