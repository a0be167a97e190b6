/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The upper on a file system that is there already, for upper.c. */
#ifndef ROOTOVL_UPPER_H
#define ROOTOVL_UPPER_H

#include "src/rootovl/steps/steps.h"

/*
 * Mounts the device's file system at RUN_DISK, sees that an overlay can write to it, and binds the
 * directory of this boot's upper to upper->at: "rootovl/fresh" in it, or "rootovl/kept/NAME". One
 * of before that is not wanted any more is set aside by a rename, into "rootovl/old", which is
 * emptied after the boot (upper_clean.c). A kept one that was made on another lower is a failure:
 * the layers of an overlay do not survive a changed lower (Documentation/filesystems/overlayfs.rst,
 * "Changes to underlying filesystems"). After a failure undo_mount_upper() takes it back.
 */
int upper_mount_disk(struct boot *boot, const struct step_upper *upper, struct failure *f);

/*
 * Only the first of that: mounts the device's file system at RUN_DISK, where it is not mounted yet.
 */
int upper_reach_disk(struct boot *boot, const char *device, struct failure *f);
void undo_reach_disk(struct boot *boot);

/*
 * Mounts the device's file system at RUN_DISK for a moment, outside a plan; it must be there
 * already. Gives a descriptor of our directory on it, which is made where there is none.
 */
int upper_visit_disk(const char *device, int *ret, struct failure *f);

/*
 * Removes the uppers of earlier boots, but for kept ones, at once: what a job wrote may fill the
 * disk, and nothing else can be removed before a boot has come up. `disk`: its top directory. Was
 * there any?
 */
bool upper_clean_now(int disk, const char *device);

/*
 * Leaves a service in /run/systemd/system for the booted system, which empties RUN_DISK's
 * "rootovl/old" when nothing else wants the disk. Gives 0 or -errno.
 */
int upper_leave_cleaner(void);

#endif
