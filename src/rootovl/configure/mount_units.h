/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The units of a root that mount something: NAME.mount, NAME.swap and NAME.automount. Also a unit
 * that nothing enables is pulled in by the paths that others need (RequiresMountsFor=).
 */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/configure/mount_table.h"
#include "src/rootovl/newroot/newroot.h"

/* Adds the root's units to the table, without those in the list `wanted`. */
int mount_units_read(struct newroot *nr, char *const *wanted, struct mount_table *table,
		     struct failure *f);

/*
 * Writes into /etc/systemd/system what the judged table says of its units: a unit that does nothing
 * in place of one that is put out of action, and a drop-in for one of a server's folder.
 */
int mount_units_write(struct newroot *nr, const struct mount_table *table, struct failure *f);

/*
 * Removes what mount_units_write() of earlier boots wrote into an upper that is kept, so that the
 * root's own units are seen again. Files that a job has changed stay. Returns 0 or -errno.
 */
int mount_units_forget(struct newroot *nr, struct failure *f);
