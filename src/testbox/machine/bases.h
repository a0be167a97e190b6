/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The images below a machine's disks, which QEMU may not open by itself. */
#pragma once

#include "src/testbox/machine/box.h"
#include "src/testbox/plan/host.h"
#include "src/testbox/plan/machine_plan.h"

#include <signal.h>

/*
 * Finds, for each disk of the host with a base in a file or on a block device, the images from that
 * base down (qemu-img(1) knows those of qcow2). A list of host->n_disks, the caller's; `dry`: the
 * bases alone, and nothing is run.
 */
struct plan_base *bases_find(const struct box *box, const struct host *host, bool dry,
			     const volatile sig_atomic_t *stop);
void bases_done(struct plan_base *bases, size_t n);
