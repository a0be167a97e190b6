/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ways to mount a lower, for lower.c. Each mounts read-only or gives a failure and no mount. */
#ifndef ROOTOVL_LOWER_H
#define ROOTOVL_LOWER_H

#include "steps.h"

/*
 * CIFS, NFS, virtiofs, 9p: mounts lower->what at `at`, and tries again until the boot's deadline
 * what time may heal. `name`: what failures call it.
 */
int lower_mount_server(struct boot *boot, const struct step_lower *lower, const char *at,
		       const char *name, struct failure *f);

/* Waits for the block device lower->what, and mounts it at lower->at. */
int lower_mount_device(struct boot *boot, const struct step_lower *lower, const char *name,
		       struct failure *f);

/*
 * Takes lower->inside out of the mount at `share`, and follows no link on the way, for it would be
 * the server's: a folder is bound to lower->at, a regular file is an image and mounted there
 * through a read-only loop device (loop(4)), which keeps the share in use.
 */
int lower_take_inside(const struct step_lower *lower, const char *share, const char *name,
		      struct failure *f);

#endif
