/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The paths of an archive's entries. */
#pragma once

#include <stdbool.h>

/* Returns the path without "." and without double or leading slashes, "" for the top; owned. */
char *path_clean(const char *name);

/* Returns whether one of its parts is "..". */
bool path_has_dotdot(const char *path);

/* Returns the kernel that a path below lib/modules or usr/lib/modules is of; owned, or NULL. */
char *path_kernel(const char *path);
