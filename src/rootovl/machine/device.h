/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding a block device by its path, or by a tag of what is on it. The disks are read for that:
 * an initramfs need not have udev's links (/dev/disk/by-…).
 */
#pragma once

#include "src/common/failure.h"

#include <stdint.h>

/*
 * The path of the device `spec`, which is "/dev/…", "LABEL=…", "UUID=…", "PARTLABEL=…" or
 * "PARTUUID=…"; links in a path are followed. Waits until `deadline_ms` (clock_ms()) for it to
 * appear, and looks again at each event of the kernel. The path is the caller's.
 * -ENODEV: it did not appear; -ENOTBLK: it is no block device; -ENOTUNIQ: two have the tag;
 * -EINVAL: no such form.
 */
int device_find(const char *spec, uint64_t deadline_ms, char **ret, struct failure *f);
