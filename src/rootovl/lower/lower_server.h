/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A lower that a server has, or the host of a virtual machine. */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/step.h"

/*
 * CIFS, NFS, virtiofs, 9p: mounts lower->what at `at`, and tries again until the boot's deadline
 * what time may heal. `name`: what failures call it.
 */
int lower_mount_server(struct boot *boot, const struct step_lower *lower, const char *at,
		       const char *name, struct failure *f);
