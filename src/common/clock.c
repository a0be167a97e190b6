// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/clock.h"

#include <time.h>

static uint64_t nanoseconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

uint64_t clock_ms(void)
{
	return nanoseconds(CLOCK_BOOTTIME) / 1000000;
}

uint64_t clock_wall_ns(void)
{
	return nanoseconds(CLOCK_REALTIME);
}
