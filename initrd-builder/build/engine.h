/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What runs the first half's dracut: a container of one of several engines, or this machine. Each
 * is a row of a table of command lines; see "An engine" in docs/design.md.
 */
#ifndef BUILDER_ENGINE_H
#define BUILDER_ENGINE_H

#include "src/common/failure.h"

#include <stddef.h>

#define ENGINE_NONE  "none"
#define ENGINE_WORDS 24

/* Words that stand for something: IMAGE, PLATFORM (as these programs call an architecture), NAME
 * (of a passing container), SCRIPT. */
struct engine {
	const char *name;
	/* Prints the id of the image, the inputs that it was made from and its architecture. NULL:
	 * there is no image. */
	const char *identify[ENGINE_WORDS];
	const char *before[ENGINE_WORDS]; /* NULL: nothing to do */
	const char *run[ENGINE_WORDS];	  /* puts the archive on its standard output */
	const char *after[ENGINE_WORDS];  /* takes away what `before` made, or what is left of it */
};

/* Where userspaces come from. */
struct container {
	const struct engine *engine;
	const char *arch; /* of its programs; static */
	char *image;	  /* its name; NULL: this machine's own */
	char *id;	  /* what it is */
};

/* The row of that name; NULL: there is none. */
const struct engine *engine_find(const char *name);

/* A command of a row with its words filled in by the container and these two; the caller's. */
char **engine_command(const char *const *words, const struct container *container, const char *name,
		      const char *script);

/*
 * Finds the container of this architecture, a static name: of the engine `name`, else of the first
 * engine that has the image, else this machine if the architecture is its own and it has dracut.
 * `image` NULL: what `make container` made for the architecture. An image that another rootovl
 * made, or of another architecture, is a failure.
 */
int container_find(const char *name, const char *image, const char *arch, struct container *ret,
		   struct failure *f);
void container_done(struct container *container);

#endif
