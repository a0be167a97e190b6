/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The upper on a file system that is there already. */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/step.h"

/*
 * Mounts the device's file system at RUN_DISK, sees that an overlay can write to it, and binds the
 * directory of this boot's upper to upper->at: "rootovl/fresh" in it, or "rootovl/kept/NAME". One
 * of before that is not wanted any more is set aside by a rename, into "rootovl/old", which is
 * emptied after the boot by rootovl-clean.service. A kept one that was made on another lower is a
 * failure: the layers of an overlay do not survive a changed lower
 * (Documentation/filesystems/overlayfs.rst, "Changes to underlying filesystems").
 */
int upper_mount_disk(struct boot *boot, const struct step_upper *upper, struct failure *f);

/*
 * Only the first of that: mounts the device's file system at RUN_DISK, where it is not mounted yet,
 * and opens it as boot->disk.
 */
int upper_reach_disk(struct boot *boot, const char *device, struct failure *f);

/*
 * Mounts the device's file system at RUN_DISK for a moment, outside a plan; it must be there
 * already. Gives a descriptor of our directory on it, which is made where there is none.
 */
int upper_visit_disk(const char *device, int *ret, struct failure *f);
