/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calculates how long to wait before the next attempt. */
#pragma once

#include <signal.h>

/*
 * Returns `first` after one failure (or none), twice as much after each further one, and never more
 * than `most`, in the unit of these two.
 */
unsigned pause_doubled(unsigned failures, unsigned first, unsigned most);

/*
 * Returns the seconds to wait after the nth failure (from 1). The time doubles from half a second
 * up to `most`. A random factor of 0.75 to 1.25 prevents hundreds of testboxes from retrying at
 * once.
 */
double pause_after(unsigned failures, double most);

/* Returns clock_ms() in seconds. */
double pause_clock(void);

/* Waits, but returns early once *stop is not 0. `stop` may be NULL. */
void pause_for(double seconds, const volatile sig_atomic_t *stop);
