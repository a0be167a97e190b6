/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ROOTOVL_STEP_ENABLE_UNITS_H
#define ROOTOVL_STEP_ENABLE_UNITS_H

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/plan.h"

/* Enables the units of the step in the upper. Returns 0 or -errno. */
int step_enable_units(struct boot *boot, const struct step *step, struct failure *f);

#endif
