// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit_install.h"
#include "common/macro.h"

#include <errno.h>
#include <string.h>

#define BLANKS " \t\r"

static void list_clear(char ***list)
{
	for (char **item = *list; item && *item; item++)
		free(*item);
	free(*list);
	*list = NULL;
}

static int list_add(char ***list, const char *item, size_t len)
{
	size_t n = 0;
	char **more;

	while (*list && (*list)[n])
		n++;
	more = reallocarray(*list, n + 2, sizeof(*more));
	if (!more)
		return -ENOMEM;
	*list = more;
	more[n + 1] = NULL;
	more[n] = strndup(item, len);
	return more[n] ? 0 : -ENOMEM;
}

/* Adds the words of a value; an empty value takes back what was said before. */
static int add_words(char ***list, const char *value)
{
	size_t len;

	if (value[strspn(value, BLANKS)] == '\0')
		list_clear(list);
	for (value += strspn(value, BLANKS); *value; value += len + strspn(value + len, BLANKS)) {
		int r;

		len = strcspn(value, BLANKS);
		r = list_add(list, value, len);
		if (r < 0)
			return r;
	}
	return 0;
}

static int set_instance(struct unit_install *in, const char *value)
{
	size_t start = strspn(value, BLANKS);

	free(in->default_instance);
	in->default_instance = NULL;
	if (!value[start])
		return 0;
	in->default_instance = strndup(value + start, strcspn(value + start, BLANKS));
	return in->default_instance ? 0 : -ENOMEM;
}

static int assign(struct unit_install *in, const char *key, const char *value)
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
			return add_words(keys[i].list, value);
	}
	return strcmp(key, "DefaultInstance") == 0 ? set_instance(in, value) : 0;
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

static int parse_line(struct unit_install *in, char *line, bool *inside)
{
	char *equals;

	line = trim(line);
	if (line[0] == '[') {
		*inside = strcmp(line, "[Install]") == 0;
		return 0;
	}
	equals = strchr(line, '=');
	if (!*inside || !equals)
		return 0;
	*equals = '\0';
	return assign(in, trim(line), equals + 1);
}

int unit_install_parse(const char *text, struct unit_install *ret)
{
	struct unit_install in = { .wanted_by = NULL };
	auto_free char *copy = strdup(text);
	char *rest = copy, *line;
	bool inside = false;
	int r = copy ? 0 : -ENOMEM;

	while (r == 0 && (line = next_line(&rest)))
		r = parse_line(&in, line, &inside);
	if (r < 0)
		unit_install_done(&in);
	else
		*ret = in;
	return r;
}

void unit_install_done(struct unit_install *install)
{
	list_clear(&install->wanted_by);
	list_clear(&install->required_by);
	list_clear(&install->upheld_by);
	list_clear(&install->alias);
	list_clear(&install->also);
	free(install->default_instance);
	install->default_instance = NULL;
}
