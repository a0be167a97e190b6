/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Creates the dm-verity device of the root. The program rootovl-verity, which only images of this
 * kind have, does it with libcryptsetup.
 */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/step.h"

/*
 * Creates the device VERITY_DEVICE (verity_image.h) from the image on the block device `device`,
 * with the root hash of the step. `name` is the name of the image in failures. If the disk or
 * server does not answer, fails after the step's timeout, but not before 20 s. Returns 0 or -errno.
 */
int verity_root_open(const char *device, const struct step_lower *lower, const char *name,
		     struct failure *f);

/* Adds to the failure `f` of a boot whether a block of the root did not match its hash. */
void verity_root_explain(struct failure *f);

/* Removes the device, also if its last mount is still in use. Does nothing if there is none. */
void verity_root_drop(void);
