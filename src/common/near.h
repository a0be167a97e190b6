/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The word of a list that a misspelt one was meant to be. Pure. */
#pragma once

#include <stddef.h>

/* One search: `word` is set by the caller, the rest is empty at first. */
struct near_word {
	const char *word;  /* as it was spelt */
	const char *best;  /* the nearest so far; NULL: none is near */
	unsigned distance; /* from `word` to it */
};

/*
 * Takes a candidate, which must live as long as the search. A word is near if few letters lack, are
 * too many, are wrong or changed places: at most a third of them, and at most three.
 */
void near_try(struct near_word *near, const char *candidate);

/* Returns " (did you mean BEFOREbest?)", or "" where no word is near. The caller frees it. */
char *near_question(const struct near_word *near, const char *before);
