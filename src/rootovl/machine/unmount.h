/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Taking mounts away, also those whose server is dead. */
#pragma once

/*
 * Takes a mount out of the tree at once (MNT_DETACH, umount(2)), what waits for its server too. The
 * kernel may wait for the server when it lets go of the last of it: that is left to a process of
 * its own after five seconds.
 */
void unmount_quickly(const char *path);
