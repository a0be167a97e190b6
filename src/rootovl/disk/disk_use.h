/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out whether a disk is removable, and what uses it. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/*
 * Returns whether the medium is removable: `removable` of sysfs, for a partition that of its disk.
 */
bool disk_is_removable(dev_t number);

/*
 * Says what uses this device or a partition of it: "it is mounted on /home", "dm-0 is made of it",
 * "something has it open". The caller owns the text. Returns NULL if the device is unused.
 */
char *disk_user(const char *device, dev_t number);
