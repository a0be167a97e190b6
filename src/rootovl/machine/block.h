/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is on a block device. */
#pragma once

#include "src/common/failure.h"

/*
 * What libblkid finds on an open block device or image, "ext4"; the caller's. NULL: nothing, or
 * things that contradict one another.
 */
char *block_type(int fd);

/* The failure for a type, of block_type(), that cannot be used: "NAME: vfat is on it". Gives
 * -EINVAL. */
int block_refuse(const char *name, const char *type, const char *hint, struct failure *f);
