/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel command line as a list of words (Documentation/admin-guide/kernel-parameters.rst).
 * Blanks separate words, double quotes hold blanks and are taken away wherever they stand, the
 * first '=' separates name and value, and what follows a word "--" belongs to init.
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

/* Adds the words of one text. Any text is a command line: this cannot fail. */
void cmdline_add(struct cmdline *cmdline, const char *text);
void cmdline_done(struct cmdline *cmdline);

/* Is there a parameter of this name? */
bool cmdline_has(const struct cmdline *cmdline, const char *name);
/* The value of the last one of this name; NULL: there is none, or it has no '='. */
const char *cmdline_value(const struct cmdline *cmdline, const char *name);

/* Are two parameter names the same? '-' and '_' are. */
bool cmdline_name_is(const char *name, const char *other);
/* Does `name` begin with `prefix`, in the same sense? */
bool cmdline_name_begins(const char *name, const char *prefix);
