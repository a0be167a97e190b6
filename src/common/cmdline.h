/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Splits the kernel command line into words (Documentation/admin-guide/kernel-parameters.rst).
 * Blanks separate words. Double quotes protect blanks, and are removed everywhere. The first '='
 * separates name and value. The words after "--" belong to init.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct cmdline_word {
	char *name;
	char *value;   /* NULL: there is no '=' */
	bool unclosed; /* a quote in it was never closed: it may have swallowed what came after */
};

struct cmdline {
	struct cmdline_word *words;
	size_t n;
};

/* Adds the words of one text. Every text is a valid command line, so this cannot fail. */
void cmdline_add(struct cmdline *cmdline, const char *text);
void cmdline_done(struct cmdline *cmdline);

/* Returns whether there is a parameter of this name. */
bool cmdline_has(const struct cmdline *cmdline, const char *name);
/* Returns the value of the last parameter of this name, or NULL if it is absent or has no '='. */
const char *cmdline_value(const struct cmdline *cmdline, const char *name);

/* Returns whether two parameter names are equal; '-' and '_' count as equal, as in the kernel. */
bool cmdline_name_is(const char *name, const char *other);
/* Returns whether `name` begins with `prefix`; '-' and '_' count as equal. */
bool cmdline_name_begins(const char *name, const char *prefix);
