/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Manages the volume of the upper in the group, os/rootovl. It is created under another name and
 * renamed when it is complete. So a volume with this name is complete.
 */
#pragma once

#include "src/rootovl/disk/disks.h"

enum disk_volume_plan {
	DISK_VOLUME_USE,    /* it exists and is good */
	DISK_VOLUME_MAKE,   /* it does not exist */
	DISK_VOLUME_REMAKE, /* it exists and must be replaced */
};

/*
 * Activates the volume if it exists, checks it, and decides what to do. Writes nothing. If the wish
 * does not allow that, fails with a code of disks_prepare().
 */
int disk_volume_look(const struct disks_wish *wish, enum disk_volume_plan *ret, struct failure *f);

/* Carries out the plan of disk_volume_look(). All disks must be in the group. */
int disk_volume_make(const struct disks_wish *wish, enum disk_volume_plan plan, struct failure *f);

/*
 * Activates the volume, to look into it outside of a plan. Creates and checks nothing. Returns
 * -ENODEV if there is no such volume, or if two groups have the name.
 */
int disk_volume_open(struct failure *f);
