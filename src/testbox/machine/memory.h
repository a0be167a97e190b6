/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiting until the host has room for a machine. */
#pragma once

#include "src/testbox/machine/box.h"

#include <signal.h>
#include <stdint.h>

/*
 * Waits until so much is available, for at most `seconds`. -ENOMEM: it did not come to be, or the
 * host has not as much at all; -EINTR: *stop was set.
 */
int memory_wait(const struct box *box, uint64_t wanted, unsigned seconds,
		const volatile sig_atomic_t *stop, struct failure *f);
