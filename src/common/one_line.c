// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/one_line.h"

#include "src/common/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

/* From the first to the last: what is not shown, beside ASCII's control characters. */
static const uint32_t odd_ranges[][2] = {
	{ 0x80, 0x9f },	    /* C1: U+009B begins a terminal's command, as ESC [ does */
	{ 0x61c, 0x61c },   /* direction of text */
	{ 0x200e, 0x200f }, /* direction of text */
	{ 0x2028, 0x202e }, /* separators of lines and paragraphs; direction of text */
	{ 0x2066, 0x2069 }, /* direction of text */
	{ 0xd800, 0xdfff }, /* halves of characters */
	{ 0xfffe, 0xffff }, /* no characters, and not allowed in XML */
};

static bool is_odd(uint32_t code)
{
	for (size_t i = 0; i < ARRAY_SIZE(odd_ranges); i++) {
		if (code >= odd_ranges[i][0] && code <= odd_ranges[i][1])
			return true;
	}
	return false;
}

/* Returns the bytes of the character at `c`, of which there is one; `odd`: it cannot be shown. */
static size_t character(const char *c, bool *odd)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char first = (unsigned char)*c;
	size_t n = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
	uint32_t code = first & (0xffu >> (n + 1));

	*odd = n == 1 ? first < ' ' || first >= 0x7f : first > 0xf4;
	if (n == 1 || *odd)
		return 1;
	for (size_t i = 1; i < n; i++) {
		*odd = ((unsigned char)c[i] & 0xc0) != 0x80;
		if (*odd)
			return 1;
		code = code << 6 | ((unsigned char)c[i] & 0x3f);
	}
	*odd = code < least[n] || code > 0x10ffff || is_odd(code);
	return n;
}

static char *escaped(const char *text, const char *kept)
{
	static const char digits[] = "0123456789abcdef";
	char *line = xcalloc(strlen(text) * 4 + 1, 1), *out = line;
	bool odd;

	while (*text) {
		size_t n = character(text, &odd);

		for (odd = odd && !strchr(kept, *text); n; n--, text++) {
			if (!odd) {
				*out++ = *text;
				continue;
			}
			*out++ = '\\';
			*out++ = 'x';
			*out++ = digits[(unsigned char)*text >> 4];
			*out++ = digits[*text & 15];
		}
	}
	return line;
}

char *one_line_of(const char *text)
{
	return escaped(text, "");
}

char *one_line(char *text)
{
	char *line = one_line_of(text);

	free(text);
	return line;
}

void one_line_print(FILE *out, const char *fmt, ...)
{
	auto_free char *line = NULL;
	va_list ap;

	va_start(ap, fmt);
	line = one_line(xvasprintf(fmt, ap));
	va_end(ap);
	fprintf(out, "%s\n", line);
}

void one_line_each(FILE *out, const char *text)
{
	auto_free char *lines = escaped(text, "\n\t");

	fputs(lines, out);
}
