/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trying again what time may heal, until the boot's deadline. */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/step.h"

#define LOWER_CONNECT_MS 5000 /* until a silent server counts as one that is not there */

/* One try at something of a server: gives what it made, 0 or a descriptor, or a failure. */
typedef int (*lower_attempt)(struct boot *boot, const void *arg, struct failure *f);

/*
 * Tries until it succeeds, until it fails in a way that time does not heal (connect_heals()), or
 * until the boot's deadline is over; meanwhile the console says what is waited for.
 */
int lower_retry(struct boot *boot, lower_attempt attempt, const void *arg, struct failure *f);
