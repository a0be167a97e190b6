/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/step.h"

/* Refuses a lower that cannot be a root; opens boot->newroot. Returns 0 or -errno. */
int step_check_lower(struct boot *boot, const struct step *step, struct failure *f);
