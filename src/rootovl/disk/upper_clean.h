/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Removing the uppers of earlier boots from the disk of the upper. */
#pragma once

#include <stdbool.h>

/*
 * Removes the uppers of earlier boots, but for kept ones, at once: what a job wrote may fill the
 * disk, and nothing else can be removed before a boot has come up. `disk`: its top directory. Was
 * there any?
 */
bool upper_clean_now(int disk, const char *device);

/*
 * Leaves a service in /run/systemd/system for the booted system, which empties RUN_DISK's
 * "rootovl/old" when nothing else wants the disk. Gives 0 or -errno.
 */
int upper_leave_cleaner(void);
