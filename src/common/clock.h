/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMON_CLOCK_H
#define COMMON_CLOCK_H

#include <stdint.h>

/* Milliseconds since the kernel started (CLOCK_BOOTTIME). */
uint64_t clock_ms(void);

#endif
