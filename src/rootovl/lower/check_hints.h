/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What to change where a lower cannot be a root, in the words of what serves it. Pure. */
#pragma once

#include "src/rootovl/settings/root_source.h"

enum check_fault {
	CHECK_ABSENT, /* no init, no os-release: what a system always has is not there */
	CHECK_OWNER,  /* what is root's belongs to another user */
	CHECK_DENIED, /* root may not read what is root's */
	CHECK_CLOSED, /* a directory that only root may pass */
	CHECK_LINKS,  /* symbolic links cannot be seen or read */
	CHECK_FAULTS,
};

/*
 * Returns the hint for a root that comes so; owned by the caller. `source` NULL: a copy on the
 * disk.
 */
char *check_hints(const struct root_source *source, enum check_fault fault);
