/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What runs programs of another architecture: an interpreter, qemu-user, that the kernel's
 * binfmt_misc knows (Documentation/admin-guide/binfmt-misc.rst).
 */
#pragma once

#include "src/common/failure.h"

#define BINFMT_MISC "/proc/sys/fs/binfmt_misc"

/*
 * Does one run programs of this architecture, a known one, in containers too? That takes the flag
 * F, by which the kernel opens the interpreter at once, and not in the container. `dir` is where
 * binfmt_misc is mounted. Gives 0, or a failure, -ENOEXEC, that says what is missing.
 */
int interpreter_check(const char *dir, const char *arch, struct failure *f);
