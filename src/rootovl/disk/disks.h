/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The disks of rootfs_disk=: one LVM volume group over them, and in it the volume that becomes the
 * upper. All disks are looked at first; where one is refused, none is written to. What else is in
 * the group is left alone.
 */
#ifndef ROOTOVL_DISKS_H
#define ROOTOVL_DISKS_H

#include "src/common/failure.h"

#include <stdbool.h>
#include <stdint.h>

#define DISKS_GROUP    "os"	 /* the volume group, as Compass-CI names it */
#define DISKS_NAME     "rootovl" /* the volume of the upper in it */
#define DISKS_VOLUME   "/dev/mapper/" DISKS_GROUP "-" DISKS_NAME
#define DISKS_SMALLEST (256ULL * 1024 * 1024) /* bytes; what is smaller is no disk for a root */

enum disks_format {
	DISKS_FORMAT_BLANK, /* only what is blank or ours */
	DISKS_FORMAT_FORCE, /* whatever is on it */
	DISKS_FORMAT_NEVER, /* nothing: the volume must be there */
};

enum disks_fs {
	DISKS_EXT4,
	DISKS_XFS,
};

struct disks_wish {
	bool size_asked;  /* false: 20 GiB, or 80 % of the group where that is less */
	uint64_t size;	  /* bytes; 0: `percent` says it */
	unsigned percent; /* of the group, 1 to 100 */
	enum disks_format format;
	enum disks_fs fs; /* of a volume that is made; one that is there may have either */
};

/*
 * Makes the volume be there and DISKS_VOLUME be its device. `devices` are paths, as device_find()
 * gives them. -EROFS, -EMEDIUMTYPE (removable), -EBUSY, -ENOSPC (a disk or the volume is too
 * small), -EEXIST (there is something on it), -EPERM (rootovl.format=never), -ENOTUNIQ (one disk
 * twice, or two groups of the name): refused, and nothing was written. -ENOSPC comes as well where
 * the group has too little room for the volume; then the disks are of the group. Else -errno of
 * what failed.
 */
int disks_prepare(char *const *devices, const struct disks_wish *wish, struct failure *f);

#endif
