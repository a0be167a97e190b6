/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * machine-id(5) of a root that has none: for systemd each boot of it is the first, so that it
 * presets all units and asks for a locale and a password.
 */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/newroot/newroot.h"

/* Is it the text of a file with an id, which is no first boot? Pure. */
bool machine_id_valid(const char *text);

/*
 * Returns the line of an id, of what tells this machine from others: the same text gives the same
 * id. Pure; the result is the caller's.
 */
char *machine_id_line(const char *identity);

/*
 * Gives the new root an id made of `identity`, or one by chance where that is NULL. *ret_why says
 * what the root has instead of one, a static text; NULL: it has an id, and nothing is done.
 */
int machine_id_set(struct newroot *nr, const char *identity, const char **ret_why,
		   struct failure *f);
