/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A lower that the image itself has mounted. */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/step.h"

/*
 * Binds what the image has mounted on lower->what to lower->at, read-only, and without what is
 * mounted below it. Its own mount stays as it is.
 */
int lower_bind_mounted(const struct step_lower *lower, const char *name, struct failure *f);
