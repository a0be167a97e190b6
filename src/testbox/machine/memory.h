/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the host has room for a machine. */
#pragma once

#include "src/testbox/machine/box.h"

#include <signal.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * What the host has left for another machine, in bytes: what is available, without that which the
 * machines of all testboxes were promised and have not touched yet.
 */
uint64_t memory_left(void);

/*
 * Promises so much to the machine of this box, whose QEMU is `pid` (0: it is still to be started),
 * as long as the box's file of it is there: memory_file(). The text is the caller's.
 */
void memory_promise(const struct box *box, uint64_t bytes, pid_t pid);
char *memory_file(const struct box *box);

/* The lock on all promises, of memory and of room; a descriptor, or a failure: see memory_wait().
 */
int memory_lock_promises(const volatile sig_atomic_t *stop, struct failure *f);

/*
 * Waits until so much is left, for at most `seconds`, and promises it to the box's machine; of
 * launchers that ask at once, the second sees what the first was promised. -ENOMEM: it did not come
 * to be, or the host has not as much at all; -EINTR: *stop was set; -EBUSY: another launcher keeps
 * the lock.
 */
int memory_wait(const struct box *box, uint64_t wanted, unsigned seconds,
		const volatile sig_atomic_t *stop, struct failure *f);
