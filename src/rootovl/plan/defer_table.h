/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tables of the units that rootovl.defer= starts behind the job (defer.conf). Pure. Whether such a
 * unit can wait in a certain root is decided there (configure/unit_order.h).
 */
#pragma once

#include "src/common/failure.h"

#include <stddef.h>

struct defer_table {
	struct defer_row {
		char *unit;   /* a service or a timer, or a template of one */
		char *reason; /* why no job needs it */
	} * rows;
	size_t n;
};

/*
 * Adds the lines of a table: "UNIT REASON" adds a unit or replaces its reason, "-UNIT" takes it
 * out. `name` is the table's, for errors ("defer.conf:3: …").
 */
int defer_table_parse(struct defer_table *table, const char *name, const char *text,
		      struct failure *f);
void defer_table_done(struct defer_table *table);
