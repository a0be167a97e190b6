/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The programs that run the first half's dracut in a container, or this machine itself: a table of
 * command lines. See "A container engine" in CONTRIBUTING.md.
 */
#pragma once

#include <stddef.h>

/*
 * Each command is a list of words that ends with NULL. Words that stand for something: ENGINE (the
 * name), IMAGE, PLATFORM (as these programs call an architecture), NAME (of a passing container),
 * SCRIPT.
 */
struct engine {
	const char *name;
	/* Prints the id of the image, the inputs that it was made from and its architecture. NULL:
	 * there is no image. */
	const char *const *identify;
	const char *const *before; /* NULL: nothing to do */
	const char *const *run;	   /* puts the archive on its standard output */
	const char *const *after;  /* removes what `before` made; NULL: nothing to do */
};

/* Row `i` of the table, the one to try first is 0; NULL behind the last. */
const struct engine *engine_at(size_t i);

/* The row of that name; NULL: there is none. */
const struct engine *engine_find(const char *name);

/* What the words of a command stand for; NULL where no word of it needs the value. */
struct engine_values {
	const char *image;
	const char *arch; /* as Debian calls it, not NULL */
	const char *name, *script;
};

/* A command of the engine with its words filled in; the caller's. */
char **engine_command(const struct engine *engine, const char *const *words,
		      const struct engine_values *with);
