/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making the images of a machine's disks, by qemu-img(1). */
#pragma once

#include "src/testbox/machine/box.h"
#include "src/testbox/plan/machine_plan.h"

#include <signal.h>

/* The format of a base, which its name says. */
const char *images_format(const char *base);

/* Makes what is not there: what is kept whole or not at all. */
int images_make(const struct box *box, const struct machine_plan *plan,
		const volatile sig_atomic_t *stop, struct failure *f);
