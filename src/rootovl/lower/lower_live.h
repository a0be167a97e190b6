/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mounts a lower from an image that is fetched over HTTP. */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/step.h"

/*
 * Fetches the image lower->what over HTTP to a tmpfs on RUN_IMAGE, and mounts it as
 * lower_mount_image() does. The console shows the progress.
 */
int lower_mount_live(struct boot *boot, const struct step_lower *lower, const char *name,
		     struct failure *f);
