/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out what a block device contains. */
#pragma once

#include "src/common/failure.h"

/*
 * Returns the type that libblkid finds on an open block device or image, for example "ext4"; owned
 * by the caller. Returns NULL if there is no type, or if several types contradict one another.
 */
char *block_type(int fd);

/*
 * Reports a type, from block_type(), that cannot be used: "NAME: vfat is on it". Returns -EINVAL.
 */
int block_refuse(const char *name, const char *type, const char *hint, struct failure *f);
