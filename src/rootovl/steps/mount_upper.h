/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ROOTOVL_STEP_MOUNT_UPPER_H
#define ROOTOVL_STEP_MOUNT_UPPER_H

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/plan.h"

/* Mounts the upper, a tmpfs or a directory of a disk. Returns 0 or -errno. */
int step_mount_upper(struct boot *boot, const struct step *step, struct failure *f);

#endif
