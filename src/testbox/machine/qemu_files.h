/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What QEMU gets as descriptors, for it may open nothing of ours by itself. */
#pragma once

#include "src/testbox/machine/box.h"
#include "src/testbox/machine/qemu_rights.h"
#include "src/testbox/plan/machine_plan.h"

/*
 * Opens all of the plan's files for QEMU, which runs as `user`. Fills in `ret`, of which the caller
 * closes and frees all by qemu_files_close(), after a failure too.
 */
int qemu_files_open(const struct box *box, const struct machine_plan *plan,
		    const struct qemu_user *user, struct qemu_fds *ret, struct failure *f);
void qemu_files_close(struct qemu_fds *fds);
