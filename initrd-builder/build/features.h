/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an image has only where it is asked for, by --with WORD: each is a dracut module. */
#pragma once

#include "initrd-builder/build/parts.h"

#include <stdbool.h>

enum feature {
	FEATURE_DISKS,	/* what makes an upper on local disks, and file systems of such */
	FEATURE_LIVE,	/* what fetches an image over HTTP */
	FEATURE_VERITY, /* what checks an image by dm-verity */
	FEATURE_COUNT,
};

/* A set of them. */
typedef unsigned features;

/* Puts the one of this name into the set; false: there is none. */
bool features_add(features *set, const char *word);
bool features_has(features set, enum feature feature);

/* Its word, which is the end of its module's name too. */
const char *features_word(enum feature feature);

/* The names of the set's, a list of strings; the caller's. */
char **features_words(features set);

/* Its dracut module. */
enum part features_part(enum feature feature);
