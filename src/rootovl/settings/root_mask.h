/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hiding the passwords in what is printed. Pure. */
#pragma once

#include "src/common/cmdline.h"

/*
 * The value of a parameter as it may be printed: passwords, and the values in the query of a URL,
 * become "***"; owned by the caller.
 */
char *root_mask(const char *value);

/* The same of a whole kernel line, of its words or of its text. */
char *root_mask_words(const struct cmdline *cmdline);
char *root_mask_line(const char *line);

/*
 * Returns what must not be shown of a kernel line: each value with a password in it, followed by
 * the value as it may be printed. A short value stands there as NAME=VALUE. The list ends with
 * NULL, and is owned by the caller.
 */
char **root_mask_secrets(const char *line);
