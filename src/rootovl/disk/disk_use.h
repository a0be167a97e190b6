/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel says of a disk: can it be taken out, and who has it? */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* Can the medium be taken out (sysfs-block(5)'s `removable`, a partition's that of its disk)? */
bool disk_is_removable(dev_t number);

/*
 * Who has this device, or a partition of it: "it is mounted on /home", "dm-0 is made of it",
 * "something has it open"; the caller's. NULL: nobody.
 */
char *disk_user(const char *device, dev_t number);
