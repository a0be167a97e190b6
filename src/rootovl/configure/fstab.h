/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making a root's fstab(5) safe for a machine it was not written for: lines that are put out of
 * action (mount_table.h) are commented out, and nothing waits for the others. Lines are changed
 * where they must be and copied byte for byte elsewhere. Pure.
 */
#pragma once

#include "src/rootovl/configure/mount_table.h"

/* What is put before a line that is put out of action. */
#define FSTAB_MARK "# rootovl: "

/* Adds the mounts of the text to the table, in order; -E2BIG where they are too many. */
int fstab_read(const char *text, struct mount_table *table);

/*
 * Gives the text as the judged table has it, or NULL in *ret where nothing needs to change;
 * -ENOMEM. The mounts from `first` on are those that fstab_read() added.
 */
int fstab_safe_text(const char *text, const struct mount_table *table, size_t first, char **ret);
