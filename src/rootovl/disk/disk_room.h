/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is free on a disk. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/statvfs.h>

/* Are so many bytes and inodes free? One without a number of inodes has as many as wanted. */
bool disk_room_has(const struct statvfs *vfs, uint64_t bytes, uint64_t inodes);

/*
 * Waits, 10 s at most, until they are, after something was removed: btrfs frees it with its next
 * commit, and XFS in the background (Documentation/filesystems/xfs/xfs-online-fsck-design.rst,
 * "inode inactivation"). `*ret` says what is free then, enough or not. Gives 0 or -errno.
 */
int disk_room_wait(int fd, uint64_t bytes, uint64_t inodes, struct statvfs *ret);
