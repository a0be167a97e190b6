/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The step that mounts the lower, by the kind of root. Pure. */
#pragma once

#include "src/rootovl/plan/step.h"
#include "src/rootovl/settings/settings.h"

/*
 * Fills step->lower, which then points into *settings; plan_done() releases what it owns, also
 * after a failure. Fails for mount options that are malformed or contradict one another.
 */
int plan_lower(const struct settings *settings, struct step *step, struct failure *f);
