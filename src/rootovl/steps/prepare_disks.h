/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/step.h"

/* Creates the volume of the upper on the disks of the step. Returns 0 or -errno. */
int step_prepare_disks(struct boot *boot, const struct step *step, struct failure *f);
