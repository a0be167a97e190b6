/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does KVM work here? That /dev/kvm can be opened says little: there are hosts where machines hang
 * or die all the same. So one is booted, with a few instructions of ours: accel_probe.h.
 */
#pragma once

#include "src/testbox/machine/box.h"
#include "src/testbox/plan/host.h"

#include <signal.h>

/*
 * The answer is kept below the state folder: "works" until the host boots again, "hangs" for an
 * hour. `dry`: nothing is probed, and only an answer that is there counts. Gives 1, 0, or a
 * failure: -EINTR.
 */
int accel_kvm(struct box *box, enum host_arch arch, bool dry, const volatile sig_atomic_t *stop,
	      struct failure *f);
