/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mounts the lower from every kind of source, and removes it again. */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/step.h"

/*
 * Mounts the root that the step describes at lower->at, and opens it as boot->lower. `name` is its
 * name in failures. Returns 0 or -errno.
 */
int lower_mount(struct boot *boot, const struct step_lower *lower, const char *name,
		struct failure *f);

/*
 * Opens the mount at lower->at as boot->lower. Refuses a mount that is writable, whatever options
 * were requested. Returns 0 or -errno.
 */
int lower_open(struct boot *boot, const struct step_lower *lower, const char *name,
	       struct failure *f);

/*
 * Removes the lower: closes boot->lower, unmounts lower->at, and frees its NBD device or the memory
 * of its image.
 */
void lower_unmount(struct boot *boot, const struct step_lower *lower);
