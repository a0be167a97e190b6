/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ROOTOVL_STEP_LEAVE_NAMES_H
#define ROOTOVL_STEP_LEAVE_NAMES_H

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/plan.h"

/* Leaves what the running system looks for by name. Returns 0 or -errno. */
int step_leave_names(struct boot *boot, const struct step *step, struct failure *f);

#endif
