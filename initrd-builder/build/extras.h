/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an image has only where it is asked for, by --with WORD: each is a dracut module. */
#ifndef BUILDER_EXTRAS_H
#define BUILDER_EXTRAS_H

#include "initrd-builder/build/places.h"

#include <stdbool.h>

enum extra {
	EXTRA_DISKS, /* what makes an upper on local disks, and file systems of such */
	EXTRA_LIVE,  /* what fetches an image over HTTP */
	EXTRA_COUNT,
};

/* A set of them. */
typedef unsigned extras;

/* Puts the one of this name into the set; false: there is none. */
bool extras_add(extras *set, const char *word);
bool extras_has(extras set, enum extra extra);

/* Its word, which is the end of its module's name too. */
const char *extra_word(enum extra extra);

/* The names of the set's, a list of strings; the caller's. */
char **extras_words(extras set);

/* Its dracut module. */
enum place extra_place(enum extra extra);

#endif
