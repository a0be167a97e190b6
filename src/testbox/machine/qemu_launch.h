/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "src/testbox/machine/cut_log.h"
#include "src/testbox/machine/fence_start.h"
#include "src/testbox/machine/qemu_rights.h"
#include "src/testbox/machine/share.h"
#include "src/testbox/plan/machine_plan.h"

struct qemu_launch {
	struct box *box;
	const struct machine_plan *plan;
	const struct machine_sockets *sockets; /* QEMU's ends */
	const struct shares *shares;	       /* their connected ends are QEMU's */
	const struct fence_sockets *nets;      /* their ends too */
	int folder;			       /* of the results by 9p; -1: none */
	struct cut_log *output;		       /* open */
	unsigned cpus;
	uint64_t initrd; /* bytes, which QEMU keeps */
	bool verbose;
};

/*
 * Starts QEMU with all that the plan says, and with no rights but those it needs; it waits for
 * qmp_begin(). Its end of the output is closed here.
 */
int qemu_launch(const struct qemu_launch *launch, pid_t *ret, struct failure *f);
