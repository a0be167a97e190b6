/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the initramfs leaves of the service that makes copies. */
#pragma once

#include <stdbool.h>

/*
 * Leaves rootovl-cache.service in /run/systemd/system, its program, and in RUN_CACHE, for
 * copy_fill.c, what it has to do: lines with the key, the ID and "used" or "wanted". `used`: the
 * copy is the lower of this boot, and the service only checks it. Returns 0 or -errno.
 */
int copy_leave(const char *key, const char *id, bool used);
