/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Chooses the hint what to change if a lower cannot be a root, in the words of the program that
 * serves it. Pure.
 */
#pragma once

#include "src/rootovl/settings/root_source.h"

enum check_fault {
	CHECK_ABSENT, /* a file that every system has is missing: init, os-release */
	CHECK_OWNER,  /* files of root belong to another user */
	CHECK_DENIED, /* root cannot read its own files */
	CHECK_CLOSED, /* only root may pass a directory */
	CHECK_LINKS,  /* symbolic links are missing or unreadable */
	CHECK_FAULTS,
};

/*
 * Returns the hint for a root from this source, owned by the caller. `source` is NULL for a copy on
 * the disk.
 */
char *check_hints(const struct root_source *source, enum check_fault fault);
