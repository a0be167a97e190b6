/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waits for processes that may hang in the kernel. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/*
 * Waits at most `ms` for a child to end. Returns true if it has ended, with its status (wait(2)) in
 * *ret unless `ret` is NULL. Returns false if the child still runs. Polls ten times a second, and
 * so needs no SIGCHLD.
 */
bool wait_child(pid_t child, unsigned ms, int *ret);

/*
 * Calls sync(2) in a child process and waits at most `ms`: with a dead disk or server, sync(2)
 * never returns.
 */
void sync_within(unsigned ms);
