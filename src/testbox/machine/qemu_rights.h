/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What QEMU may do on this host. It has no capability, cannot get one, and leaves no core. Started
 * by root it runs as a user of its own: so all that it needs is opened for it (qemu_files.h).
 */
#pragma once

#include "src/testbox/machine/qemu_user.h"
#include "src/testbox/machine/undo.h"

/* Descriptors of ours, and the number that each has in QEMU. */
struct qemu_fds {
	int first; /* their numbers there: this one and on */
	const int *fds;
	size_t n;
};

struct qemu_rights {
	const struct qemu_user *user;
	const struct qemu_fds *fds;
	bool serves; /* it serves files by 9p itself: it makes no setuid programs */
};

/* Starts QEMU with these rights and descriptors, as undo_start() does with the program. */
int qemu_start(struct undo *undo, const struct program *program, const struct qemu_rights *rights,
	       pid_t *ret, struct failure *f);
