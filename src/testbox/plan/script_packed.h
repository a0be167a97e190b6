/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a script says, as the answer of a jail in which it was read. Pure. */
#pragma once

#include "src/common/failure.h"
#include "src/testbox/plan/boot_script.h"
#include "src/testbox/plan/variables.h"

#include <stdio.h>

/* Writes what script_read() gave, and the variables as the script left them. */
void script_packed_put(FILE *out, const struct boot_script *script,
		       const struct variables *variables);

/*
 * Reads that, and believes nothing that script_read() with this `base` could not have given:
 * -EPROTO then, and *ret and *variables are untouched. Else *variables is replaced.
 */
int script_packed_take(const char *data, size_t len, const char *base, struct variables *variables,
		       struct boot_script *ret, struct failure *f);
