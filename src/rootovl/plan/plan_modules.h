/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The step that loads kernel modules. Pure. */
#pragma once

#include "src/rootovl/plan/step.h"
#include "src/rootovl/settings/settings.h"

/* Fills step->modules with what the overlay, the lower, the disks and the personality need. */
void plan_modules(const struct settings *settings, struct step *step);
