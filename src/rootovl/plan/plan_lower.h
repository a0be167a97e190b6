/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The part of the plan that is about the lower, by the kind of root; see plan.h. */
#ifndef ROOTOVL_PLAN_LOWER_H
#define ROOTOVL_PLAN_LOWER_H

#include "src/rootovl/plan/plan.h"

/* Puts a step of this kind at the end; it is the plan's. */
struct step *plan_add(struct plan *plan, enum step_kind kind);

/* The modules that overlay and lower need. */
void plan_modules(struct plan *plan);
/* The mount of the lower; a failure for options that contradict one another. */
int plan_lower(struct plan *plan, struct failure *f);

#endif
