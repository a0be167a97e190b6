/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Can a directory be a root? */
#pragma once

#include "src/rootovl/newroot/newroot.h"
#include "src/rootovl/settings/root_source.h"

/*
 * Checks that the tree has `init` (NULL: systemd, or /sbin/init) and an os-release, that its files
 * belong to root, that root may read what only root may, and that any user may pass its
 * directories. "/" may be closed: newroot_set_upper() opens it. `source`: where the tree comes
 * from, for the hints; NULL: from a copy on the disk. Returns 0 or -errno.
 */
int check_newroot(struct newroot *lower, const char *init, const struct root_source *source,
		  struct failure *f);

/* Does the same for the open directory of a copy. */
int check_is_root(int dir, const char *init, struct failure *f);
