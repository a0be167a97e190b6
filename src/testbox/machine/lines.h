/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes from a socket as lines. Who sends them is not trusted: a longer line comes in pieces. */
#pragma once

#include <stddef.h>

#define LINE_MAX_LEN 4096

struct lines {
	char text[LINE_MAX_LEN + 1];
	size_t len;
};

typedef void line_fn(void *arg, const char *line);

/* Calls `line` for each line that is complete; '\n' and '\r' before it are not part of it. */
void lines_add(struct lines *lines, const char *data, size_t len, line_fn *line, void *arg);
/* The last line, which no '\n' ended, if there is one. */
void lines_end(struct lines *lines, line_fn *line, void *arg);
