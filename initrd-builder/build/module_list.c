// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/build/module_list.h"

#include "initrd-builder/build/modules.h"
#include "src/common/mem.h"

#include <string.h>

char **module_list_words(const char *text)
{
	auto_strv char **lines = strv_split(text, "\n");
	struct strv words = { 0 };

	for (char **line = lines; line && *line; line++) {
		auto_strv char **here = NULL;

		(*line)[strcspn(*line, "#")] = '\0';
		here = strv_split(*line, " \t\r");
		for (char **word = here; word && *word; word++)
			strv_push(&words, xstrdup(*word));
	}
	return words.list;
}

/* Does the path lead through the directory, which is of whole parts? */
static bool is_in(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	for (const char *at = strstr(path, dir); len && at; at = strstr(at + 1, dir)) {
		if (at > path && at[-1] == '/' && at[len] == '/')
			return true;
	}
	return false;
}

/* The name of a module from that of its file. */
static char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *file = slash ? slash + 1 : path;
	char *name = xstrndup(file, modules_name_length(file));

	for (char *c = name; *c; c++) {
		if (*c == '-')
			*c = '_';
	}
	return name;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorts, and leaves each but once. */
static void sort_once(char **list)
{
	size_t n = strv_len(list), kept = 0;

	if (n == 0)
		return;
	qsort(list, n, sizeof(*list), by_text);
	for (size_t i = 1; i < n; i++) {
		if (strcmp(list[kept], list[i]) == 0)
			free(list[i]);
		else
			list[++kept] = list[i];
	}
	list[kept + 1] = NULL;
}

char **module_list_expand(char *const *words, char *const *paths)
{
	struct strv names = { 0 };

	for (; words && *words; words++) {
		if (**words != '=') {
			strv_push(&names, xstrdup(*words));
			continue;
		}
		for (char *const *path = paths; path && *path; path++) {
			if (is_in(*path, *words + 1))
				strv_push(&names, name_of(*path));
		}
	}
	sort_once(names.list);
	return names.list;
}
