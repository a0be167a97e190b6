/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A lower on a block device, or in an image through a loop device. */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/step.h"

/* Waits for the block device lower->what, and mounts it at lower->at. */
int lower_mount_device(struct boot *boot, const struct step_lower *lower, const char *name,
		       struct failure *f);

/* Mounts the image that is open as `file` at lower->at, through a read-only loop device (loop(4)),
 * which keeps the file in use. */
int lower_mount_image(int file, const struct step_lower *lower, const char *name,
		      struct failure *f);

/* Mounts what is on the open block device `fd` of this path at lower->at, by its type; through
 * dm-verity, where the step has a root hash. */
int lower_mount_typed(const char *device, int fd, const struct step_lower *lower,
		      const char *options, const char *name, struct failure *f);

/*
 * Takes lower->inside out of the mount at `share`, and follows no link on the way, for it would be
 * the server's: a folder is bound to lower->at, a regular file is an image and mounted there
 * through a read-only loop device (loop(4)), which keeps the share in use.
 */
int lower_take_inside(const struct step_lower *lower, const char *share, const char *name,
		      struct failure *f);
