/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Can a directory be a root? */
#pragma once

#include "src/rootovl/newroot/newroot.h"

/* What to do about a share that hides links and owners. */
#define CHECK_CIFS_HINT                                                                            \
	"SMB without Unix or POSIX extensions cannot carry a root: use vers=1.0 with \"unix "      \
	"extensions = yes\" on the server, or vers=3.1.1,posix with \"smb3 unix extensions = "     \
	"yes\""

/*
 * Checks that the tree has `init` (NULL: systemd, or /sbin/init) and an os-release, and that its
 * files belong to root. `cifs`: they come by SMB one by one, which changes the hint of the failure.
 * Returns 0 or -errno.
 */
int check_newroot(struct newroot *lower, const char *init, bool cifs, struct failure *f);

/* Does the same for an open directory that comes by something other than SMB. */
int check_is_root(int dir, const char *init, struct failure *f);
