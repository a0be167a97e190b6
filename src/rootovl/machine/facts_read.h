/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what the planner has to know about this machine. */
#pragma once

#include "src/rootovl/settings/facts.h"
#include "src/rootovl/settings/settings.h"

/*
 * Looks at this machine. `look_only`: for `rootovl plan` on any machine, where a credentials file
 * that is not there is no failure, and nothing is waited for. With root=dhcp it else waits for a
 * lease that names a root. *facts becomes the caller's also on failure.
 */
int facts_read(struct facts *facts, const struct settings *settings, bool look_only,
	       struct failure *f);
