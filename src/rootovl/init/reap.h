/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <sys/types.h>

/*
 * Waits for the end of this child of the first process, and takes the ends of all others that come
 * before it: orphans become its children. Returns the status of wait(2), or -1 where there is no
 * such child, with errno.
 */
int reap_until(pid_t child);
