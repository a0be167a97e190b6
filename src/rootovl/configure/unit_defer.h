/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rootovl.defer=yes: units that no job needs start behind the job (plan/defer_table.h). */
#pragma once

#include "src/rootovl/newroot/newroot.h"
#include "src/rootovl/plan/defer_table.h"

struct unit_defer {
	char **done;	/* "UNIT: REASON", of the caller */
	char **refused; /* "UNIT: why it starts as ever" */
};

/*
 * Leaves a drop-in in /run for each unit of the table that the root has, and that neither comes
 * before the enabled units `jobs` nor is needed by them. Units wait for those jobs alone whose
 * start is short. What cannot be read of the root is no failure: then nothing waits.
 */
int unit_defer(struct newroot *nr, char *const *jobs, const struct defer_table *table,
	       struct unit_defer *ret, struct failure *f);
void unit_defer_done(struct unit_defer *defer);
