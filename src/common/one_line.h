/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes untrusted text safe to print: names, paths, messages and reports. Each byte that could
 * control a terminal or the journal becomes \xNN. These are control characters (U+0000 to U+001F,
 * U+007F to U+009F), marks that change the direction of text (U+202A to U+202E, U+2066 to U+2069
 * and others), line separators, and invalid UTF-8. The programs print all text for people by these
 * functions or by those of log.h.
 */
#pragma once

#include "src/common/macro.h"

#include <stdio.h>

/* Frees `text` and returns a safe copy of it on one line. The caller frees the copy. */
char *one_line(char *text);

/*
 * Returns a safe copy of `text` on one line, and does not free `text`. The caller frees the copy.
 */
char *one_line_of(const char *text);

/* Prints one line and a newline. */
void one_line_print(FILE *out, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Prints a text of several lines. Newlines and tabs are kept. */
void one_line_each(FILE *out, const char *text);
