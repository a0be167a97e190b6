// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/configure/unit_install.h"

#include "src/common/mem.h"

#include <string.h>

#define BLANKS " \t\r"

static void clear(char ***list)
{
	strv_free(*list);
	*list = NULL;
}

/* Adds the words of a value; an empty value takes back what was said before. */
static void add_words(char ***list, const char *value)
{
	auto_strv char **words = strv_split(value, BLANKS);

	if (!words)
		clear(list);
	for (char **word = words; word && *word; word++)
		strv_add(list, xstrdup(*word));
}

static void set_instance(struct unit_install *in, const char *value)
{
	value += strspn(value, BLANKS);
	set_text(&in->default_instance, *value ? xstrndup(value, strcspn(value, BLANKS)) : NULL);
}

static void assign(struct unit_install *in, const char *key, const char *value)
{
	const struct {
		const char *key;
		char ***list;
	} keys[] = {
		{ "WantedBy", &in->wanted_by }, { "RequiredBy", &in->required_by },
		{ "UpheldBy", &in->upheld_by }, { "Alias", &in->alias },
		{ "Also", &in->also },
	};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (strcmp(key, keys[i].key) == 0)
			add_words(keys[i].list, value);
	}
	if (strcmp(key, "DefaultInstance") == 0)
		set_instance(in, value);
}

static char *trim(char *line)
{
	size_t len;

	line += strspn(line, BLANKS);
	len = strlen(line);
	while (len && strchr(BLANKS, line[len - 1]))
		line[--len] = '\0';
	return line;
}

/*
 * Gives the next logical line of *rest: a backslash at the end joins it with the next, a comment
 * within does not end it. Works in place, for a joined line is never longer.
 */
static char *next_line(char **rest)
{
	char *line = *rest, *end = line, *raw;
	bool more = true;

	if (!line)
		return NULL;
	while (more && (raw = strsep(rest, "\n"))) {
		char *text = raw + strspn(raw, BLANKS);
		size_t len;

		if (*text == '#' || *text == ';')
			continue;
		len = strlen(raw);
		while (len && raw[len - 1] == '\r')
			len--;
		more = len && raw[len - 1] == '\\';
		memmove(end, raw, len);
		end += len;
		if (more)
			end[-1] = ' ';
	}
	*end = '\0';
	return line;
}

static void parse_line(struct unit_install *in, char *line, bool *inside)
{
	char *equals;

	line = trim(line);
	if (line[0] == '[')
		*inside = strcmp(line, "[Install]") == 0;
	equals = strchr(line, '=');
	if (line[0] == '[' || !*inside || !equals)
		return;
	*equals = '\0';
	assign(in, trim(line), equals + 1);
}

void unit_install_parse(const char *text, struct unit_install *ret)
{
	auto_free char *copy = xstrdup(text);
	char *rest = copy, *line;
	bool inside = false;

	*ret = (struct unit_install){ .wanted_by = NULL };
	while ((line = next_line(&rest)))
		parse_line(ret, line, &inside);
}

void unit_install_done(struct unit_install *install)
{
	clear(&install->wanted_by);
	clear(&install->required_by);
	clear(&install->upheld_by);
	clear(&install->alias);
	clear(&install->also);
	free(install->default_instance);
	install->default_instance = NULL;
}
