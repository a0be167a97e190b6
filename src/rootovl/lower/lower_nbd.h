/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mounts a lower from a block device of an NBD server. */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/step.h"

/*
 * Connects to the export of an NBD server, and creates a read-only block device for it. Notes the
 * device for nbd_root_drop(), and mounts it as lower_mount_device() does.
 */
int lower_mount_nbd(struct boot *boot, const struct step_lower *lower, const char *name,
		    struct failure *f);
