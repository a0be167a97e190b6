/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mounts a lower from a server, or from the host of a virtual machine. */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/step.h"

/*
 * Mounts lower->what at `at` by CIFS, NFS, virtiofs or 9p. Repeats the attempt after temporary
 * errors until the boot's deadline. `name` is the name of the lower in failures.
 */
int lower_mount_server(struct boot *boot, const struct step_lower *lower, const char *at,
		       const char *name, struct failure *f);
