/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long to wait before the next attempt. */
#pragma once

#include <signal.h>

/*
 * Returns `first` after one failure (or none), twice as much after each further one, and never more
 * than `most`, in the unit of these two.
 */
unsigned pause_doubled(unsigned failures, unsigned first, unsigned most);

/*
 * Seconds after the nth failure (from 1): they double from half a second up to `most`, and differ
 * by half from one process to the next, so that hundreds of testboxes do not come back at once.
 */
double pause_after(unsigned failures, double most);

/* Seconds on the clock of clock_ms(). */
double pause_clock(void);

/* Waits, but not longer than until *stop (NULL: none) is not 0. */
void pause_for(double seconds, const volatile sig_atomic_t *stop);
