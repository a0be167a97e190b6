// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/pause.h"

#include "src/common/clock.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#define SLICE 0.1 /* seconds */

double pause_after(unsigned failures, double most)
{
	double seconds = 0.5;
	uint32_t chance = 0;

	for (; failures > 1 && seconds < most; failures--)
		seconds *= 2;
	if (seconds > most)
		seconds = most;
	if (getrandom(&chance, sizeof(chance), GRND_NONBLOCK) < 0)
		chance = 0;
	return seconds * (0.75 + 0.5 * chance / UINT32_MAX);
}

double pause_clock(void)
{
	return (double)clock_ms() / 1000;
}

void pause_for(double seconds, const volatile sig_atomic_t *stop)
{
	double end = pause_clock() + seconds, left;

	/* In slices: a signal may come just before a sleep begins. */
	while (!(stop && *stop) && (left = end - pause_clock()) > 0)
		nanosleep(&(struct timespec){ .tv_nsec =
						      (long)(1e9 * (left < SLICE ? left : SLICE)) },
			  NULL);
}
