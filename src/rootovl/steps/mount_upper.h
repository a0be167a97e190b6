/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/step.h"

/* Mounts the upper, a tmpfs or a directory of a disk. Returns 0 or -errno. */
int step_mount_upper(struct boot *boot, const struct step *step, struct failure *f);
