/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Repeats an attempt after temporary errors, until the boot's deadline. */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/step.h"

#define LOWER_CONNECT_MS 5000 /* until a server without an answer counts as absent */

/* Makes one attempt. Returns 0 or a descriptor, or -errno with a failure. */
typedef int (*lower_attempt)(struct boot *boot, const void *arg, struct failure *f);

/*
 * Repeats the attempt until it succeeds, fails with a permanent error (connect_heals()), or the
 * boot's deadline is over. The console shows what the boot waits for.
 */
int lower_retry(struct boot *boot, lower_attempt attempt, const void *arg, struct failure *f);
