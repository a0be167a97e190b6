/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The least that the clock of a machine may say, of times that are surely past: a battery that is
 * dead leaves it at 1970, or where the firmware begins. Seconds since 1970. Pure.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * When a kernel was built, by what uname(2) says of its version: "#1 SMP Debian 6.1.158-1
 * (2025-11-09)" or "#1 SMP Tue Mar 31 14:21:36 UTC 2020". 0: it does not say.
 */
int64_t least_time_of_kernel(const char *version);

/*
 * The index of the latest of these times, or n where there is none that can be believed: one that
 * is more than ten years after `built`, when the image was made, is not. An image whose files and
 * kernel say nothing is as old as this version of rootovl.
 */
size_t least_time_choose(const int64_t *times, size_t n, int64_t built);
