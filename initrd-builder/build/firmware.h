/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The firmware that a kernel's modules ask for, from a root whose owner is not trusted. */
#pragma once

#include "initrd-builder/build/staging.h"
#include "initrd-builder/root/rootfs.h"

#include <stdbool.h>
#include <sys/types.h>

#define FIRMWARE_MAX ((off_t)2 << 30) /* of one image; lean ones take some MiB */

/* May a module ask for this firmware? Not for what lies, or may lie, outside of lib/firmware. */
bool firmware_is_inside(const char *name);

/*
 * Copies it from lib/firmware and lib/firmware/updates of the root, compressed as it is there, to
 * STAGING/TREE/usr/lib/firmware. What the root lacks is passed over; one outside is a failure, and
 * so is more than *left bytes, from which it takes its own.
 */
int firmware_stage(const struct staging *staging, const char *tree, const struct rootfs *root,
		   const char *name, off_t *left, struct failure *f);
