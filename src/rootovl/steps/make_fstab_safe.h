/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/step.h"

/*
 * Changes the root's fstab so that its mounts cannot delay or break the boot. Returns 0 or -errno.
 */
int step_make_fstab_safe(struct boot *boot, const struct step *step, struct failure *f);
