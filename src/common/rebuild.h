/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What to run for an image that has more: the hint where a boot, or a look at its initrds, misses
 * it. The words are those of initrd-builder/build/features.c. */
#ifndef COMMON_REBUILD_H
#define COMMON_REBUILD_H

#define REBUILD_WITH_DISKS "initrd-builder build --with disks"
#define REBUILD_WITH_LIVE  "initrd-builder build --with live"

#endif
