/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The limits of a machine's QEMU on this host: a scope of systemd's (systemd.scope(5)). */
#pragma once

#include "src/testbox/machine/box.h"

#include <stdint.h>

struct scope_limits {
	uint64_t memory; /* bytes */
	unsigned tasks;
};

/* Weights are of 1 to 10000, and 100 is what all others have. */
#define SCOPE_IO_WEIGHT 50

/*
 * Asks systemd to put a process that has just started into a scope of its own, and to end what
 * exceeds the limits. Only for root, where systemd runs. Gives 0; -ENOENT: nothing was asked;
 * -EIO: systemd refused.
 */
int scope_enter(const struct box *box, pid_t pid, const struct scope_limits *limits);
