/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/step.h"

/* Creates the names and files that the running system looks for. Returns 0 or -errno. */
int step_leave_names(struct boot *boot, const struct step *step, struct failure *f);
