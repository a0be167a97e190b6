/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#define QEMU_USER "testbox" /* src/testbox/testbox.sysusers */

struct qemu_user {
	uid_t uid;
	gid_t gid;
	gid_t kvm;  /* a further group, that opens /dev/kvm; (gid_t)-1: none is needed */
	bool other; /* another user than the caller */
	bool own;   /* "testbox", not a stand-in */
};

/*
 * Whom QEMU runs as: the caller; for root, "testbox", or "nobody" where the host has no such user.
 */
void qemu_user_find(struct qemu_user *ret);

/*
 * Makes the calling process, which has one thread, that user's, for good and without capabilities
 * to be had again; nothing for the caller's own user. The kernel forgets prctl(2)'s
 * PR_SET_PDEATHSIG by it. Returns 0 or errno.
 */
int qemu_user_become(const struct qemu_user *user);
