/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Filters of system calls, seccomp(2). What they deny answers EPERM, or ENOSYS where it is young.
 */
#pragma once

enum jail_filter {
	JAIL_COMPUTES, /* reads and writes what is open, and takes memory */
	JAIL_OPENS,    /* the same, and opens what is there for reading */
	JAIL_RUNS,     /* another program's: all but processes, sockets, rights, mounts, devices */
	JAIL_MAKES,    /* a function's that makes files: as that, without exec */
	JAIL_FETCHES,  /* rootovl-fetch's: as that, with sockets and threads, without exec */
};

/* Puts a filter on the calling thread, for good. Gives 0, also where the kernel has none, or
 * -errno. */
int jail_filter_put(enum jail_filter filter);
