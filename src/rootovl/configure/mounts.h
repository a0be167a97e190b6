/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Disables mounts of a root that are wrong on a machine that it was not written for. They are in
 * fstab, crypttab and similar files, and in units (docs/design/mounts.md).
 */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/newroot/newroot.h"

struct mounts_out {
	char **told;   /* the disabled mounts, each with its file and the reason */
	char **missed; /* the names of disabled mounts that a user may need, so not / and swap */
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
