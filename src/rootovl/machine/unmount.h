/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Removes mounts, also those whose server does not answer. */
#pragma once

/*
 * Unmounts with MNT_FORCE and MNT_DETACH (umount(2)), so that the mount leaves the tree at once and
 * pending requests to its server fail. The kernel may still wait for the server when the last user
 * is gone. So a child process unmounts, and the function returns after at most five seconds.
 */
void unmount_quickly(const char *path);
