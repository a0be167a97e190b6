// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/cmdline.h"

#include "src/common/mem.h"

#include <string.h>

/* Does the same as the kernel's isspace(). Tabs and newlines occur in files of cmdline.d. */
static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Reads one word at *p, which is not a blank, and moves *p past the word. */
static struct cmdline_word read_word(const char **p)
{
	struct cmdline_word word = { 0 };
	auto_free char *text = xcalloc(strlen(*p) + 1, 1);
	char *out = text, *equals = NULL;
	bool quoted = false;

	for (; **p && (quoted || !is_blank(**p)); (*p)++) {
		if (**p == '"') {
			quoted = !quoted;
			continue;
		}
		if (**p == '=' && !equals)
			equals = out;
		*out++ = **p;
	}
	if (equals) {
		word.name = xstrndup(text, (size_t)(equals - text));
		word.value = xstrdup(equals + 1);
	} else {
		word.name = xstrdup(text);
	}
	word.unclosed = quoted;
	return word;
}

void cmdline_add(struct cmdline *cmdline, const char *text)
{
	while (*text) {
		struct cmdline_word word;

		if (is_blank(*text)) {
			text++;
			continue;
		}
		word = read_word(&text);
		if (!strcmp(word.name, "--") && !word.value) {
			free(word.name);
			break;
		}
		cmdline->words = xreallocarray(cmdline->words, cmdline->n + 1, sizeof(word));
		cmdline->words[cmdline->n++] = word;
	}
}

void cmdline_done(struct cmdline *cmdline)
{
	for (size_t i = 0; i < cmdline->n; i++) {
		free(cmdline->words[i].name);
		free(cmdline->words[i].value);
	}
	free(cmdline->words);
	*cmdline = (struct cmdline){ 0 };
}

static char folded(char c)
{
	return c == '-' ? '_' : c;
}

bool cmdline_name_begins(const char *name, const char *prefix)
{
	for (; *prefix; name++, prefix++)
		if (folded(*name) != folded(*prefix))
			return false;
	return true;
}

bool cmdline_name_is(const char *name, const char *other)
{
	return strlen(name) == strlen(other) && cmdline_name_begins(name, other);
}

/* Returns the last word of this name, or NULL if it is absent. */
static const struct cmdline_word *find(const struct cmdline *cmdline, const char *name)
{
	for (size_t i = cmdline->n; i; i--)
		if (cmdline_name_is(cmdline->words[i - 1].name, name))
			return &cmdline->words[i - 1];
	return NULL;
}

bool cmdline_has(const struct cmdline *cmdline, const char *name)
{
	return find(cmdline, name);
}

const char *cmdline_value(const struct cmdline *cmdline, const char *name)
{
	const struct cmdline_word *word = find(cmdline, name);

	return word ? word->value : NULL;
}
