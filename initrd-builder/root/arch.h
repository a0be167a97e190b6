/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Architectures, as Debian calls them: of this machine, of a kernel in a root. */
#pragma once

#include "initrd-builder/root/rootfs.h"

/*
 * By the kernel's configuration (`config` NULL: there is none), for a root may have other programs
 * than its kernel; else by the ELF header of the root's systemd or shell (elf(5), e_machine). NULL:
 * nothing tells. Where it is none that is known: ARCH_UNKNOWN. Static.
 */
#define ARCH_UNKNOWN "unknown"
const char *arch_of(const struct rootfs *root, const char *config);

/* The one of this machine, by uname(2). Static. */
const char *arch_own(void);

/* The name of the table that is this one; NULL: there is none. Static. */
const char *arch_known(const char *name);

/* What container engines call it, as Go does (GOOS/GOARCH of the OCI image specification). */
const char *arch_platform(const char *name);

/* The head of its programs, as far as binfmt_misc looks at it; `name` is a known one. */
#define ARCH_HEAD 20
void arch_program_head(const char *name, unsigned char head[ARCH_HEAD]);
