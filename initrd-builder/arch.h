/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The architecture of a kernel in a root, as Debian calls it. */
#ifndef BUILDER_ARCH_H
#define BUILDER_ARCH_H

#include "rootfs.h"

/*
 * By the kernel's configuration (`config` NULL: there is none), for a root may have other programs
 * than its kernel; else by the ELF header of the root's systemd or shell (elf(5), e_machine). NULL:
 * nothing tells. Where it is none that is known: "unknown". Static.
 */
const char *arch_of(const struct rootfs *root, const char *config);

#endif
