/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The forms that the value of root= can have; root_source.h lists them. Pure. */
#pragma once

#include "src/rootovl/settings/root_source.h"

/*
 * Reads one of the forms of root= from `text`, which is used up. `dhcp`: a DHCP server gave it,
 * which is no authority over what is inside this machine.
 */
int root_forms_parse(struct root_source *source, char *text, bool dhcp, struct failure *f);

/* Reads the value of nfsroot= from `text`, which is used up; and that of cifsroot=. */
int root_forms_parse_nfs(struct root_source *source, char *text, struct failure *f);
int root_forms_parse_cifs(struct root_source *source, char *text, struct failure *f);

/* Is it a form that rootovl mounts itself, and no device? */
bool root_forms_is_ours(const char *text);
