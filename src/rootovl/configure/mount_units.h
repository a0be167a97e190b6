/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Handles the root's NAME.mount, NAME.swap and NAME.automount units. A unit that is not enabled
 * counts too, because RequiresMountsFor= of another unit can start it.
 */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/configure/mount_table.h"
#include "src/rootovl/newroot/newroot.h"

/* Adds the root's units to the table, without those in the list `wanted`. */
int mount_units_read(struct newroot *nr, char *const *wanted, struct mount_table *table,
		     struct failure *f);

/*
 * Writes the decisions of the table into /etc/systemd/system. A unit without effect replaces a
 * disabled unit. A mount of a server's folder gets a drop-in.
 */
int mount_units_write(struct newroot *nr, const struct mount_table *table, struct failure *f);

/*
 * Removes the files that mount_units_write() of earlier boots wrote into a kept upper, so that the
 * root's own units are visible again. Files that a job has changed stay. Returns 0 or -errno.
 */
int mount_units_forget(struct newroot *nr, struct failure *f);
