/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/step.h"

/* Loads the modules of the step with their dependencies. Returns 0 or -errno. */
int step_load_modules(struct boot *boot, const struct step *step, struct failure *f);
