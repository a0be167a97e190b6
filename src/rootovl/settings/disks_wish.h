/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parameters ask of the disks of rootfs_disk=, and the names of what is made on them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define DISKS_GROUP  "os"      /* the volume group, as Compass-CI names it */
#define DISKS_NAME   "rootovl" /* the volume of the upper in it */
#define DISKS_VOLUME "/dev/mapper/" DISKS_GROUP "-" DISKS_NAME

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
