/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The directories of ours on a disk that outlives the boot. No link is followed. */
#pragma once

/* Opens the directory `name`, made (0700) where there is none. Gives a descriptor or -errno. */
int disk_dirs_enter(int dir, const char *name);

/*
 * Renames dir/name, if it is there, out of the way into the directory "old" of `ours`, DISK_OURS:
 * at once, whatever its size. What is there is removed after the boot (upper_disk.c). Gives 0 or
 * -errno; `ret` (NULL: not wanted) becomes its new name, the caller's, or NULL if nothing was
 * there.
 */
int disk_dirs_set_aside(int ours, int dir, const char *name, char **ret);
