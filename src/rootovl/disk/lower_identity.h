/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Detects whether a lower is another one, or has changed. */
#pragma once

/*
 * Returns the name in one line, then the times of a few directories that every change of packages
 * touches. A missing directory is left out. The caller owns the text. Returns NULL with errno if
 * the server does not answer: that does not mean a changed root.
 */
char *lower_identity(const char *name, int lower);
