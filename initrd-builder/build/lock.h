/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One builder at a time in a directory, which may be a file server's: a byte-range lock (fcntl(2),
 * F_OFD_SETLK) on a hidden file in it. Linux' clients of NFS and CIFS give such locks to the
 * server, whose own kernel sees them, other than those of flock(2), and they cannot be had on a
 * directory. Only its owner can open the file: a process that can only read it could lock it too.
 * The file is removed by who has the lock; one that was killed leaves it, empty and unlocked, to
 * the next.
 */
#pragma once

#include "src/common/failure.h"

struct lock {
	int dir_fd; /* the caller's */
	int fd;	    /* -1: it has none */
};

#define LOCK_NONE ((struct lock){ .dir_fd = -1, .fd = -1 })
#define LOCK_NAME ".initrd-builder.lock"

/*
 * Takes the lock of a directory, which must stay open; `dir` is its path, for people. Waits for the
 * process that has it, and calls `waits` before; where `waits` is NULL that is -EAGAIN at once.
 * Gives 0 or -errno; -EINTR when a signal came.
 */
int lock_take(int dir_fd, const char *dir, void (*waits)(const char *dir), struct lock *ret,
	      struct failure *f);
void lock_release(struct lock *lock);

#define auto_lock __attribute__((cleanup(lock_release)))
