/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mount options as text and as the flags of mount(2), by the tables of libmount. No effects. */
#pragma once

/*
 * Splits the options of a read-only mount, "noatime,vers=3.0". *ret_flags: flags of mount(2),
 * always with MS_RDONLY. *ret_data: what is left for the file system, maybe ""; the caller's.
 * Options of user space (nofail, x-systemd.automount) are dropped. Returns 0 or -errno, with
 * nothing in *ret_data.
 */
int mount_options_split(const char *options, unsigned long *ret_flags, char **ret_data);

/* The names of the flags, "ro,nosuid"; owned by the caller. */
char *mount_options_text(unsigned long flags);
