/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guard of undo.h: a process that keeps a copy of the launcher's list. */
#pragma once

/*
 * Runs the guard: receives changes of the list (leftovers.h) until the socket's other end is
 * closed, then undoes what is left on the list and exits.
 */
_Noreturn void run_guard_keep(int socket);
