/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Creates the machine-id(5) of a root without one. Otherwise systemd treats each boot as the first
 * boot. It would preset all units and ask for a locale and a password.
 */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/newroot/newroot.h"

/* Returns whether the text of machine-id contains an id, so that it is not a first boot. Pure. */
bool machine_id_valid(const char *text);

/*
 * Returns the line of an id made from a text that identifies this machine. The same text gives the
 * same id. Pure. The caller frees the result.
 */
char *machine_id_line(const char *identity);

/*
 * Writes an id made from `identity` into the new root, or a random id if `identity` is NULL.
 * *ret_why is a static text about the state before. It is NULL if the root has an id already, which
 * then stays.
 */
int machine_id_set(struct newroot *nr, const char *identity, const char **ret_why,
		   struct failure *f);
