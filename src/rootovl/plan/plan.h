/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The plan: everything that a boot will do, in order, as data. Pure. plan_print() writes it
 * as text, boot_execute() carries it out.
 */
#pragma once

#include "src/rootovl/plan/step.h"
#include "src/rootovl/settings/facts.h"
#include "src/rootovl/settings/settings.h"

struct plan {
	struct settings settings; /* what was asked, with what the facts added */
	struct step *steps;
	size_t n;
	uint64_t memory;    /* of the facts, to say what a size in percent comes to */
	const char *source; /* "/": where the payload is looked for */
};

/*
 * Makes the plan. The settings become the plan's own (and are empty afterwards), also on failure.
 */
int plan_build(struct plan *plan, struct settings *settings, const struct facts *facts,
	       struct failure *f);
void plan_done(struct plan *plan);

/*
 * May a boot do without this module of its plan? nfsv3 and nfsv4 are no file systems: the mount
 * tells whether they lack. An algorithm the kernel has anyway, without the processor's help.
 */
bool plan_may_lack(const char *module);
