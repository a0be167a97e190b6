/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes a root's fstab(5) safe on a machine that it was not written for. Disabled mounts
 * (mount_table.h) are commented out, and the boot does not wait for the others. All other lines are
 * copied byte for byte. Pure.
 */
#pragma once

#include "src/rootovl/configure/mount_table.h"

/* The text before a disabled line. */
#define FSTAB_MARK "# rootovl: "

/*
 * Adds the mounts of the text to the table, in order. Returns 0, or -E2BIG if there are too many.
 */
int fstab_read(const char *text, struct mount_table *table);

/*
 * Writes the fstab with the decisions of mount_table_judge() to *ret, or NULL if no line must
 * change. The mounts from `first` on are those that fstab_read() added. Returns 0 or -ENOMEM.
 */
int fstab_safe_text(const char *text, const struct mount_table *table, size_t first, char **ret);
