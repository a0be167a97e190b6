/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ways to mount a lower, for lower.c. Each mounts read-only or gives a failure and no mount. */
#ifndef ROOTOVL_LOWER_H
#define ROOTOVL_LOWER_H

#include "src/common/clock.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/plan.h"
#include "src/rootovl/report/report.h"

#define LOWER_CONNECT_MS 5000 /* until a silent server counts as one that is not there */

/*
 * Mounts the root that the step describes at lower->at, by whichever way it comes, and opens it as
 * boot->lower. `name`: what failures call it. Returns 0 or -errno.
 */
int lower_mount(struct boot *boot, const struct step_lower *lower, const char *name,
		struct failure *f);

/*
 * Opens what is mounted at lower->at as boot->lower, and refuses what can be written to. Returns 0
 * or -errno.
 */
int lower_open(struct boot *boot, const struct step_lower *lower, const char *name,
	       struct failure *f);

/* One try at something of a server: gives what it made, 0 or a descriptor, or a failure. */
typedef int (*lower_attempt)(struct boot *boot, const void *arg, struct failure *f);

/*
 * Tries until it succeeds, until it fails in a way that time does not heal (connect_heals()), or
 * until the boot's deadline is over; meanwhile the console says what is waited for.
 */
int lower_retry(struct boot *boot, lower_attempt attempt, const void *arg, struct failure *f);

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
 * Connects to the export of an NBD server and makes it a block device of this machine, which can
 * only be read, then mounts that as lower_mount_device() does; boot->nbd is the device's number.
 */
int lower_mount_nbd(struct boot *boot, const struct step_lower *lower, const char *name,
		    struct failure *f);
/* Takes the device away, which nothing may use any more. */
void lower_drop_nbd(struct boot *boot);

/*
 * Fetches the image lower->what over HTTP into a tmpfs on RUN_IMAGE, and mounts it as
 * lower_mount_image() does. The console shows how far it is.
 */
int lower_mount_live(struct boot *boot, const struct step_lower *lower, const char *name,
		     struct failure *f);
/* Takes the tmpfs away, if there is one. */
void lower_drop_live(void);

/*
 * Binds what the image has mounted on lower->what to lower->at, read-only, and without what is
 * mounted below it. Its own mount stays as it is.
 */
int lower_bind_mounted(const struct step_lower *lower, const char *name, struct failure *f);

/* Mounts the image that is open as `file` at lower->at, through a read-only loop device (loop(4)),
 * which keeps the file in use. */
int lower_mount_image(int file, const struct step_lower *lower, const char *name,
		      struct failure *f);

/* Mounts what is on the open block device `fd` of this path at lower->at, by its type. */
int lower_mount_typed(const char *device, int fd, const struct step_lower *lower,
		      const char *options, const char *name, struct failure *f);

/*
 * Takes lower->inside out of the mount at `share`, and follows no link on the way, for it would be
 * the server's: a folder is bound to lower->at, a regular file is an image and mounted there
 * through a read-only loop device (loop(4)), which keeps the share in use.
 */
int lower_take_inside(const struct step_lower *lower, const char *share, const char *name,
		      struct failure *f);

#endif
