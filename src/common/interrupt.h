/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SIGINT, SIGTERM and SIGHUP only set a flag. Running code checks the flag and returns as after any
 * failure, so that unfinished files and processes are cleaned up.
 */
#pragma once

#include <signal.h>

extern volatile sig_atomic_t interrupted; /* the signal's number, or 0 */

/* Sets the handlers of these signals. */
void interrupt_watch(void);
