/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks whether a directory can be a root. */
#pragma once

#include "src/rootovl/newroot/newroot.h"
#include "src/rootovl/settings/root_source.h"

/*
 * Checks that the tree has `init` (NULL: systemd or /sbin/init) and an os-release file. Also checks
 * that its files belong to root, that root can read files that only root may read, and that every
 * user may pass its directories. "/" may be closed, because newroot_set_upper() opens it. `source`
 * says where the tree comes from, for the hints; NULL means a copy on the disk. Returns 0 or
 * -errno.
 */
int check_newroot(struct newroot *lower, const char *init, const struct root_source *source,
		  struct failure *f);

/* Does the checks of check_newroot() for the open directory of a copy. */
int check_is_root(int dir, const char *init, struct failure *f);
