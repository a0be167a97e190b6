/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding and reading the files of units in the new root. */
#pragma once

#include "src/rootovl/newroot/newroot.h"

/* Where the administrator's units are, and the links that enable units. */
#define UNIT_DIR "/etc/systemd/system"

struct unit {
	char *name; /* with its instance */
	char *path; /* its file in the new root; an instance mostly has its template's */
	char *text;
};

/* Is there a file for a unit of that name, be it a mask? 0, or -ENOENT. */
int unit_find(struct newroot *nr, const char *name);

/* Has a directory of units one of these names, a list? */
bool unit_has_any(struct newroot *nr, char *const *names);

/* Finds and reads a unit, through its aliases; -ENOENT, or -EPERM where it is masked. */
int unit_load(struct newroot *nr, const char *name, struct unit *ret);
void unit_done(struct unit *unit);

#define auto_unit __attribute__((cleanup(unit_done)))
