/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SIGINT, SIGTERM and SIGHUP only raise a flag: what runs looks at it, and unwinds by the same way
 * as after any failure, so that nothing unfinished is left behind.
 */
#pragma once

#include <signal.h>

extern volatile sig_atomic_t interrupted; /* the signal's number, or 0 */

/* Sets the handlers of these signals. */
void interrupt_watch(void);
