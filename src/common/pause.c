// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/pause.h"

#include "src/common/clock.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#define SLICE 0.1 /* seconds */

unsigned pause_doubled(unsigned failures, unsigned first, unsigned most)
{
	unsigned pause = first;

	for (; failures > 1 && pause < most; failures--)
		pause *= 2;
	return pause < most ? pause : most;
}

double pause_after(unsigned failures, double most)
{
	double seconds = pause_doubled(failures, 500, (unsigned)(most * 1000)) / 1000.0;
	uint32_t chance = 0;

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

	/* Sleep in short slices, because a signal may arrive just before a sleep begins. */
	while (!(stop && *stop) && (left = end - pause_clock()) > 0)
		nanosleep(&(struct timespec){ .tv_nsec =
						      (long)(1e9 * (left < SLICE ? left : SLICE)) },
			  NULL);
}
