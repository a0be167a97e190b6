/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What strangers wrote, as it may be shown: names, paths, messages, reports. What a terminal or a
 * journal would obey becomes \xNN, byte by byte: control characters (U+0000 to U+001F, U+007F to
 * U+009F), marks that turn the direction of text (U+202A to U+202E, U+2066 to U+2069 and others),
 * separators of lines, and bytes that are no UTF-8. All that people read is printed by these
 * functions, or by those of log.h.
 */
#pragma once

#include "src/common/macro.h"

#include <stdio.h>

/* Takes an owned string and returns another, one line, owned too. */
char *one_line(char *text);

/* Returns the same of a string that stays the caller's. */
char *one_line_of(const char *text);

/* Prints one line, and its newline. */
void one_line_print(FILE *out, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Prints a text of several lines: newlines and tabs stay. */
void one_line_each(FILE *out, const char *text);
