/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ROOTOVL_STEP_MAKE_FSTAB_SAFE_H
#define ROOTOVL_STEP_MAKE_FSTAB_SAFE_H

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/plan.h"

/* Makes the root's fstab harmless for the overlay. Returns 0 or -errno. */
int step_make_fstab_safe(struct boot *boot, const struct step *step, struct failure *f);

#endif
