/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mounts a lower from a block device, or from an image through a loop device. */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/step.h"

/* Waits for the block device lower->what, and mounts it at lower->at. */
int lower_mount_device(struct boot *boot, const struct step_lower *lower, const char *name,
		       struct failure *f);

/*
 * Mounts the open image `file` at lower->at through a read-only loop device (loop(4)), which keeps
 * the file in use.
 */
int lower_mount_image(int file, const struct step_lower *lower, const char *name,
		      struct failure *f);

/*
 * Mounts the open block device `fd` with this path at lower->at, by the type of its file system.
 * Uses dm-verity if the step has a root hash.
 */
int lower_mount_typed(const char *device, int fd, const struct step_lower *lower,
		      const char *options, const char *name, struct failure *f);

/*
 * Mounts the path lower->inside of the mount at `share`. A directory is bound to lower->at. A
 * regular file is an image and is mounted through a read-only loop device (loop(4)), which keeps
 * the share in use. Does not follow links, because the server chooses their targets.
 */
int lower_take_inside(const struct step_lower *lower, const char *share, const char *name,
		      struct failure *f);
