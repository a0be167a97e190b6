/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a kernel must have, as modules or built in, for a machine of testbox to boot. Pure. */
#pragma once

/* Returns the names of modules that a kernel line asks for; a list (mem.h). */
char **kernel_needs(const char *args);
