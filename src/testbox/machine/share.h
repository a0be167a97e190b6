/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Serving a folder of this host to a machine by virtiofsd. It sees the folder by its descriptor, in
 * a mount namespace of its own, and no other way to it.
 */
#pragma once

#include "src/testbox/machine/box.h"
#include "src/testbox/plan/machine_plan.h"

/* The results and the root, and what serves them; SHARES_NONE at first. */
struct shares {
	struct machine_share result, rootfs;
	pid_t result_virtiofsd, rootfs_virtiofsd; /* 0: not started */
};

#define SHARES_NONE                                                                                \
	{                                                                                          \
		{ -1, -1 }, { -1, -1 }, 0, 0                                                       \
	}

/*
 * Lends the folder of a descriptor to the machine until what is on the box's list is undone:
 * shared.h. `dir` is its name, for people.
 */
int share_lend(const struct box *box, const char *dir, int fd, enum host_share share,
	       struct failure *f);

/*
 * Makes the two ends of a share: the socket that virtiofsd listens on, and one that is connected to
 * it, for QEMU. Returns 0 or -errno; shares_close() closes them, after a failure too.
 */
int share_sockets(const struct box *box, const char *tag, struct machine_share *ret,
		  struct failure *f);

/*
 * Starts a virtiofsd for each of the plan's shares, on the box's list, and closes the ends that
 * they listen on: so QEMU sees it when one ends. `result` and `rootfs` are the folders'
 * descriptors. As root, a folder that is written to is served with the ids of machine_ids.h;
 * without root, with the caller's ids alone. What they say goes to `log`.
 */
int shares_start(struct shares *shares, const struct box *box, const struct machine_plan *plan,
		 int result, int rootfs, int log, struct failure *f);

/* Has one of them ended with an error? QEMU cannot begin without it, or go on. */
bool shares_failed(const struct shares *shares);

/* Closes the ends that are open. */
void shares_close(struct shares *shares);
