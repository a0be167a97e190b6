/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeping a process that serves files of a machine from making setuid programs on this host. */
#pragma once

/*
 * From now on the calling process, and what it starts, makes no file setuid or setgid, by any call:
 * EPERM (seccomp(2)). Without root it also gets no rights by execve(2). Returns 0 or errno.
 */
int no_setuid(void);
