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
