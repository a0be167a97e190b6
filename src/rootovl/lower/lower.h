/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lower: mounting it by whichever way its root comes, and taking it away. */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/step.h"

/*
 * Mounts the root that the step describes at lower->at, by whichever way it comes, and opens it as
 * boot->lower. `name`: what failures call it. Returns 0 or -errno.
 */
int lower_mount(struct boot *boot, const struct step_lower *lower, const char *name,
		struct failure *f);

/*
 * Opens what is mounted at lower->at as boot->lower. Looks at what was mounted, not at what was
 * asked for: refuses what can be written to. Returns 0 or -errno.
 */
int lower_open(struct boot *boot, const struct step_lower *lower, const char *name,
	       struct failure *f);

/*
 * Takes the lower away again: closes boot->lower, unmounts lower->at, and frees what it was mounted
 * from, an NBD device or the memory of an image.
 */
void lower_unmount(struct boot *boot, const struct step_lower *lower);
