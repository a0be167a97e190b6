/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The launcher's side of the user network: its sockets, its rules, its processes. */
#pragma once

#include "src/testbox/machine/box.h"
#include "src/testbox/plan/boot_script.h"
#include "src/testbox/plan/host.h"

/* For each card one end for QEMU and one for the network's process; -1: it needs none. */
struct fence_sockets {
	int qemu[HOST_NICS_MAX];
	int network[HOST_NICS_MAX];
};

void fence_sockets_none(struct fence_sockets *sockets);

/*
 * Makes a pair for each card of the user network; none where QEMU makes it itself ("reach: all").
 * The caller closes them, after a failure too.
 */
int fence_sockets_make(struct fence_sockets *sockets, const struct host *host, struct failure *f);
void fence_sockets_close(struct fence_sockets *sockets);

/* Returns what the machine may reach: by its host's file, and by its script. The caller owns it. */
struct reach fence_reach(const struct host *host, const struct boot_script *script);

/*
 * Looks up the servers, and starts a process for each pair, which the undo list ends. They write to
 * network.log of the testbox what the machine did not reach. Without a pair it does nothing.
 */
int fence_start(const struct fence_sockets *sockets, const struct host *host,
		const struct boot_script *script, const struct box *box, struct failure *f);
