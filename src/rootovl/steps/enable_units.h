/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/step.h"

/* Enables the units of the step in the upper. Returns 0 or -errno. */
int step_enable_units(struct boot *boot, const struct step *step, struct failure *f);
