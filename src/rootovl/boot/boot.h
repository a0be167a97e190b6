/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Carrying out a plan, step by step. */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/plan.h"
#include "src/rootovl/report/report.h"

/*
 * Carries out a plan and tells the report of every step. Returns 0, or -errno with *f, and stops at
 * the step that failed: what was done until then is for undo_boot() to take back. *result, empty
 * before, says in either case what the boot has come to; boot_result_done() releases it.
 */
int boot_execute(const struct plan *plan, struct report *report, struct boot_result *result,
		 struct failure *f);

void boot_result_done(struct boot_result *result);
