/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the facts about this machine that the planner needs. */
#pragma once

#include "src/rootovl/settings/facts.h"
#include "src/rootovl/settings/settings.h"

/*
 * Reads the facts of this machine. `look_only` is for `rootovl plan` on any machine: a missing
 * credentials file is then no failure, and the function waits for nothing. Without `look_only`,
 * root=dhcp waits for a lease that names a root. The caller owns *facts, also after a failure.
 */
int facts_read(struct facts *facts, const struct settings *settings, bool look_only,
	       struct failure *f);
