/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The plan as text, which people, the journal and the golden tests read. Pure. */
#pragma once

#include "src/rootovl/plan/plan.h"

#include <stdio.h>

/* Writes the plan, a line each step, secrets left out. */
void plan_print(const struct plan *plan, FILE *out);

/* The name of a step in the plan, the report and failures: "mount lower". */
const char *plan_step_name(enum step_kind kind);

/* What the step is about: "cifs //srv/os/debian"; owned by the caller. */
char *plan_step_object(const struct plan *plan, const struct step *step);
