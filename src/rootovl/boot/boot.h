/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Executes a plan, step by step. */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/plan.h"
#include "src/rootovl/report/report.h"

/*
 * Executes a plan, and records every step in the report. Stops at the first failed step and returns
 * -errno with *f; undo_boot() then reverts the earlier steps. Returns 0 on success. *result must be
 * empty, and is filled in both cases; release it with boot_result_done().
 */
int boot_execute(const struct plan *plan, struct report *report, struct boot_result *result,
		 struct failure *f);

void boot_result_done(struct boot_result *result);
