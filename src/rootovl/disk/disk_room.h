/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks the free space of a disk. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/statvfs.h>

/*
 * Returns whether so many bytes and inodes are free. A file system without an inode count has
 * enough of them.
 */
bool disk_room_has(const struct statvfs *vfs, uint64_t bytes, uint64_t inodes);

/*
 * Waits at most 10 s after a removal until so many bytes and inodes are free. btrfs frees them with
 * its next commit, and XFS in the background
 * (Documentation/filesystems/xfs/xfs-online-fsck-design.rst, "inode inactivation"). *ret gets what
 * is free then, enough or not. Returns 0 or -errno.
 */
int disk_room_wait(int fd, uint64_t bytes, uint64_t inodes, struct statvfs *ret);
