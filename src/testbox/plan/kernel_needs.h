/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a kernel must have, as modules or built in, for a machine of testbox to boot. Pure. */
#pragma once

/*
 * Returns the names of modules, with '_' for '-': those of the machine's devices, and those that
 * rootovl's plan for the kernel line loads and cannot do without. A list (mem.h).
 */
char **kernel_needs(const char *args);
