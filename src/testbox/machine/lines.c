// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/lines.h"

static void give(struct lines *lines, line_fn *line, void *arg)
{
	size_t len = lines->len;

	while (len > 0 && lines->text[len - 1] == '\r')
		len--;
	lines->text[len] = '\0';
	lines->len = 0;
	line(arg, lines->text);
}

void lines_add(struct lines *lines, const char *data, size_t len, line_fn *line, void *arg)
{
	for (size_t i = 0; i < len; i++) {
		if (data[i] == '\n') {
			give(lines, line, arg);
			continue;
		}
		if (lines->len == LINE_MAX_LEN)
			give(lines, line, arg);
		/* A NUL would end what follows it. */
		lines->text[lines->len++] = data[i] ? data[i] : ' ';
	}
}

void lines_end(struct lines *lines, line_fn *line, void *arg)
{
	if (lines->len)
		give(lines, line, arg);
}
