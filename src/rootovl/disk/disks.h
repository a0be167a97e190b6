/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The disks of rootfs_disk=: one LVM volume group over them, and in it the volume that becomes the
 * upper. All disks are looked at first; where one is refused, none is written to. What else is in
 * the group is left alone.
 */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/settings/disks_wish.h"

#define DISKS_SMALLEST (256ULL * 1024 * 1024) /* bytes; what is smaller is no disk for a root */

/*
 * Makes the volume be there and DISKS_VOLUME be its device. `devices` are paths, as device_find()
 * gives them. -EROFS, -EMEDIUMTYPE (removable), -EBUSY, -ENOSPC (a disk or the volume is too
 * small), -EEXIST (there is something on it), -EPERM (rootovl.format=never), -ENOTUNIQ (one disk
 * twice, or two groups of the name): refused, and nothing was written. -ENOSPC comes as well where
 * the group has too little room for the volume; then the disks are of the group. Else -errno of
 * what failed.
 */
int disks_prepare(char *const *devices, const struct disks_wish *wish, struct failure *f);
