/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of a mount that stays in a root on another machine. Pure. */
#pragma once

#include "src/rootovl/configure/mount_kind.h"

/*
 * Returns the options by which nothing waits for a mount or fails with it; NULL where they are
 * right. The caller owns the result.
 */
char *mount_safe_options(enum mount_kind kind, const char *options);
