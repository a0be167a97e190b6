/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Can a directory be a root? */
#ifndef ROOTOVL_CHECK_H
#define ROOTOVL_CHECK_H

#include "src/common/failure.h"

/*
 * Sees that it has `init` (NULL: systemd, or /sbin/init), an os-release, and that its files belong
 * to root.
 */
int check_is_root(int dir, const char *init, struct failure *f);

#endif
