/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pairs of sockets between the launcher and QEMU. */
#pragma once

#include "src/common/failure.h"
#include "src/testbox/plan/machine_plan.h"

#include <stdbool.h>

/*
 * Makes the pairs, of which the port's is made only if `port`. Returns 0 or -errno. The caller
 * closes both sides by sockets_close(), after a failure too.
 */
int sockets_make(struct machine_sockets *ours, struct machine_sockets *theirs, bool port,
		 struct failure *f);

/* Closes those that are open. */
void sockets_close(struct machine_sockets *sockets);
