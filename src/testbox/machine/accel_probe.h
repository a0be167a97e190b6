/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the probe of KVM boots: a few bytes of ours, so that no kernel of a server decides. */
#pragma once

#include "src/testbox/plan/host.h"

#define ACCEL_PROBE_WORDS "testbox: KVM works" /* what it says on the serial console */

/* The image in memory: a disk to boot from, or the kernel of an arm64 machine. A descriptor, the
 * caller's, or -errno. */
int accel_probe_image(enum host_arch arch);
