/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/step.h"

/* Sets an ID of this machine in a root without machine-id(5). Returns 0 or -errno. */
int step_set_machine_id(struct boot *boot, const struct step *step, struct failure *f);
