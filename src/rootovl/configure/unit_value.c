// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/configure/unit_value.h"

#include "src/common/mem.h"

#include <stdbool.h>
#include <string.h>

#define BLANKS " \t\r"

struct span {
	const char *start;
	size_t len;
};

static struct span trim(const char *start, size_t len)
{
	while (len && strchr(BLANKS, *start)) {
		start++;
		len--;
	}
	while (len && strchr(BLANKS, start[len - 1]))
		len--;
	return (struct span){ start, len };
}

static bool is(const struct span *span, const char *word)
{
	return span->len == strlen(word) && memcmp(span->start, word, span->len) == 0;
}

char *unit_value(const char *text, const char *section, const char *key)
{
	auto_free char *header = xasprintf("[%s]", section);
	struct span value = { NULL, 0 };
	bool inside = false;
	size_t len;

	for (; *text; text += len + (text[len] == '\n')) {
		struct span line, name;
		const char *equals;

		len = strcspn(text, "\n");
		line = trim(text, len);
		equals = memchr(line.start, '=', line.len);
		if (line.len && line.start[0] == '[')
			inside = is(&line, header);
		else if (inside && equals) {
			name = trim(line.start, (size_t)(equals - line.start));
			if (is(&name, key))
				value = trim(equals + 1,
					     line.len - (size_t)(equals + 1 - line.start));
		}
	}
	return value.len ? xstrndup(value.start, value.len) : NULL;
}
