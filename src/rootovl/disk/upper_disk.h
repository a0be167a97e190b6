/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mounts the upper from an existing file system. */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/step.h"

/*
 * Mounts the file system of the device on RUN_DISK, checks that an overlay can write to it, and
 * binds the directory of this boot's upper to upper->at. That is "rootovl/fresh" or
 * "rootovl/kept/NAME". An old upper that is not needed is renamed to "rootovl/old", which
 * rootovl-clean.service empties after the boot. A kept upper that was made on another lower is a
 * failure, because an overlay does not support a changed lower
 * (Documentation/filesystems/overlayfs.rst, "Changes to underlying filesystems").
 */
int upper_mount_disk(struct boot *boot, const struct step_upper *upper, struct failure *f);

/*
 * Mounts the file system of the device on RUN_DISK if it is not mounted, and opens it as
 * boot->disk.
 */
int upper_reach_disk(struct boot *boot, const char *device, struct failure *f);

/*
 * Mounts the file system of the device on RUN_DISK for a short time, outside of a plan. The device
 * must exist. *ret gets a descriptor of our directory on it, which is created if it is missing.
 */
int upper_visit_disk(const char *device, int *ret, struct failure *f);
