/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prepares the disks of rootfs_disk=: one LVM volume group over all of them, and in it the volume
 * for the upper. All disks are probed first. If one of them is refused, none is written to. Other
 * volumes of the group are unchanged.
 */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/settings/disks_wish.h"

#define DISKS_SMALLEST (256ULL * 1024 * 1024) /* bytes; a smaller disk is refused */

/*
 * Makes sure that the volume exists and DISKS_VOLUME is its device. `devices` are paths from
 * device_find(). Returns 0 or -errno. These codes mean that a disk was refused and nothing was
 * written: -EROFS, -EMEDIUMTYPE (removable), -EBUSY, -ENOSPC (a disk or the volume is too small),
 * -EEXIST (the disk has data), -EPERM (rootovl.format=never), -ENOTUNIQ (one disk twice, or two
 * groups with the name). -ENOSPC is also returned if the group has too little room for the volume;
 * the disks are then in the group.
 */
int disks_prepare(char *const *devices, const struct disks_wish *wish, struct failure *f);
