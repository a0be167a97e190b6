/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tells one lower from another, and a lower from what it was before. */
#pragma once

/*
 * The name in a line of its own, then the times of a few directories that every change of packages
 * touches; a lower that lacks one of them is not another for that. The text is the caller's; NULL
 * with errno: a server that does not tell now is no changed root.
 */
char *lower_identity(const char *name, int lower);
