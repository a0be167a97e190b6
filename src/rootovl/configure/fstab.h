/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making a root's fstab(5) safe for a machine it was not written for: entries for / and swap are
 * commented out, every other one gets `nofail`, so that a missing disk cannot stop the boot.
 */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/newroot/newroot.h"

/* The pure part: gives the new text, or NULL in *ret where nothing needs to change; -ENOMEM. */
int fstab_safe_text(const char *text, char **ret);

/*
 * Reads the new root's /etc/fstab and puts the safe one into the upper, where all who read it later
 * find it without asking a server; an absent file is nothing to do.
 */
int fstab_make_safe(struct newroot *nr, struct failure *f);
