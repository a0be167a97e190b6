/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The root's device of dm-verity. rootovl-verity, which only images of this kind carry, asks the
 * kernel for it by libcryptsetup.
 */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/step.h"

/*
 * Makes it of the image on the block device at `device`, by the root hash of the step. Its path is
 * VERITY_DEVICE (verity_image.h). `name`: what failures call the image. Where nothing comes from
 * its disk or server that ends by the step's timeout, 20 s at least. Returns 0 or -errno.
 */
int verity_root_open(const char *device, const struct step_lower *lower, const char *name,
		     struct failure *f);

/* Of a boot that failed by `f`: says there, too, where a block of the root did not match its hash.
 */
void verity_root_explain(struct failure *f);

/* Removes the device; its last mount may end later. Does nothing where there is none. */
void verity_root_drop(void);
