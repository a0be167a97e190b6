/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The volume of the upper in the group: os/rootovl. It is made under another name and renamed when
 * it is whole, so that what has the name is whole.
 */
#pragma once

#include "src/rootovl/disk/disks.h"

enum disk_volume_plan {
	DISK_VOLUME_USE,    /* it is there and good */
	DISK_VOLUME_MAKE,   /* there is none */
	DISK_VOLUME_REMAKE, /* it is there and has to go */
};

/*
 * Activates the volume where there is one, looks at it, and says what has to be done. Writes
 * nothing. Refuses (the codes of disks_prepare()) what the wish does not allow.
 */
int disk_volume_look(const struct disks_wish *wish, enum disk_volume_plan *ret, struct failure *f);

/* Does it. The disks are of the group now. */
int disk_volume_make(const struct disks_wish *wish, enum disk_volume_plan plan, struct failure *f);

/*
 * Only makes the device of the volume be there, for who wants to look into it outside a plan. Makes
 * and judges nothing; -ENODEV: there is no such volume, or two groups have the name.
 */
int disk_volume_open(struct failure *f);
