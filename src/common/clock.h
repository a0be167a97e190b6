/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

/* Returns the milliseconds since the kernel started (CLOCK_BOOTTIME). */
uint64_t clock_ms(void);

/* Returns the nanoseconds since 1970 (CLOCK_REALTIME), which can be set back. */
uint64_t clock_wall_ns(void);
