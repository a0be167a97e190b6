/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Manages rootovl's directories on a disk that is kept after the boot. Does not follow links. */
#pragma once

/*
 * Opens the directory `name`, and creates it (0700) if it is missing. Returns a descriptor or
 * -errno.
 */
int disk_dirs_enter(int dir, const char *name);

/*
 * Moves dir/name, if it exists, to the directory "old" of `ours` (DISK_OURS) by one rename(2),
 * whatever its size. rootovl-clean.service empties that directory after the boot (upper_disk.c).
 * Returns 0 or -errno. *ret, unless NULL, gets the new name, owned by the caller, or NULL if there
 * was nothing to move.
 */
int disk_dirs_set_aside(int ours, int dir, const char *name, char **ret);
