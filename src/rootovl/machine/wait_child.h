/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiting for processes that may hang in the kernel. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/*
 * Waits `ms` at most for a child's end; gives true, and its status (wait(2)) in *ret unless that is
 * NULL, or false where it still runs. It looks ten times a second, and needs no signal for it.
 */
bool wait_child(pid_t child, unsigned ms, int *ret);

/* sync(2), waited for `ms` at most: a dead disk or server would hold it for ever. */
void sync_within(unsigned ms);
