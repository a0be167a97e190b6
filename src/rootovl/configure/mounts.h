/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Putting out of action what a root mounts by itself and must not, on another machine than it was
 * written for: in fstab, crypttab and its kin, and units (docs/design/mounts.md).
 */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/newroot/newroot.h"

struct mounts_out {
	char **told;   /* each that was put out of action, with the file that says it, and why */
	char **missed; /* the names of those that somebody may miss: not of / and swap */
};

/*
 * Does so in the new root. The safe fstab goes into the upper also where nothing in it is changed,
 * so that all who read it later ask no server. Units in the list `wanted` stay as they are. `kept`:
 * the upper has files of earlier boots too, so that what is in it need not be the payload. *ret
 * becomes the caller's also on failure.
 */
int mounts_make_safe(struct newroot *nr, char *const *wanted, bool kept, struct mounts_out *ret,
		     struct failure *f);
void mounts_out_done(struct mounts_out *out);
