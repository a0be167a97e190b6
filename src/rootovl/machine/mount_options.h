/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Converts mount options between text and the flags of mount(2), by the tables of libmount. Pure.
 */
#pragma once

/*
 * Splits the options of a read-only mount, for example "noatime,vers=3.0". *ret_flags gets the
 * flags of mount(2), always with MS_RDONLY. *ret_data gets the options for the file system, or "",
 * and is owned by the caller. Drops the options of user space (nofail, x-systemd.automount).
 * Returns 0 or -errno; after an error *ret_data has nothing to free.
 */
int mount_options_split(const char *options, unsigned long *ret_flags, char **ret_data);

/* Returns the names of the flags, for example "ro,nosuid"; owned by the caller. */
char *mount_options_text(unsigned long flags);
