/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chooses the options of a mount that stays enabled on another machine. Pure. */
#pragma once

#include "src/rootovl/configure/mount_kind.h"

/*
 * Returns options with which the boot neither waits for the mount nor fails with it, or NULL if
 * they are right already. The caller frees the result.
 */
char *mount_safe_options(enum mount_kind kind, const char *options);
