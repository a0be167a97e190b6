/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds a block device by its path, or by a tag of its contents. Reads the devices themselves,
 * because an initramfs may lack the links of udev (/dev/disk/by-…).
 */
#pragma once

#include "src/common/failure.h"

#include <stdint.h>

/*
 * Returns in *ret the path of the device `spec`, owned by the caller. `spec` is "/dev/…",
 * "LABEL=…", "UUID=…", "PARTLABEL=…" or "PARTUUID=…". Follows links in a path. Waits until
 * `deadline_ms` (clock_ms()) for the device to appear, and searches again at each uevent of the
 * kernel. Returns 0, -ENODEV if the device did not appear, -ENOTBLK if it is no block device,
 * -ENOTUNIQ if two devices have the tag, or -EINVAL if `spec` has none of these forms.
 */
int device_find(const char *spec, uint64_t deadline_ms, char **ret, struct failure *f);
