/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the initramfs to the root, as switch_root(8) does it. */
#pragma once

#include "src/common/failure.h"

/*
 * Moves the kernel's file systems to /sysroot, makes it the root, removes what was in the initramfs
 * and executes the root's init: `init`, or systemd or /sbin/init where that is NULL. `argv` are its
 * arguments; argv[0] is replaced. Returns only on failure. Must be called by the first process.
 */
void switch_root(const char *init, char **argv, struct failure *f);
