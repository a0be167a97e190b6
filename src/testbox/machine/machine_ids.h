/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The user and group numbers that a machine has on this host. Its root is the first of them, which
 * is nobody here: a setuid program that it leaves gives nothing to who runs it.
 */
#pragma once

#include "src/common/failure.h"

#include <sys/types.h>

/*
 * A fixed range: of no user, and above those that /etc/subuid gives out (login.defs(5)), that
 * systemd and domains of Windows take, and below 2^31, where programs begin to fail.
 */
#define MACHINE_ID_FIRST 2130706432u /* 0x7f000000 */
#define MACHINE_ID_COUNT 65536u

/*
 * Makes a user namespace in which 0 is MACHINE_ID_FIRST, and so on. Needs root. Returns its
 * descriptor, which is the caller's, or -errno.
 */
int machine_ids_namespace(struct failure *f);

/*
 * Makes the calling process, which has one thread, root of that namespace. Returns 0 or errno.
 */
int machine_ids_enter(int namespace);

/*
 * Makes the calling process, which has one thread, root of new user and mount namespaces in which
 * its own ids are the only ones. Needs no right. Returns 0 or errno.
 */
int machine_ids_enter_own(void);
