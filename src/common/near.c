// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/near.h"

#include "src/common/mem.h"

#include <string.h>

#define LENGTH_MAX   48 /* letters; longer words are compared by their begin */
#define DISTANCE_MAX 3

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* The optimal string alignment distance, by rows of its table; row[0] is the current one. */
static unsigned distance(const char *a, size_t n_a, const char *b, size_t n_b)
{
	unsigned rows[3][LENGTH_MAX + 1], *row = rows[0], *above = rows[1], *higher = rows[2];

	for (size_t j = 0; j <= n_b; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= n_a; i++) {
		unsigned *oldest = higher;

		higher = above;
		above = row;
		row = oldest;
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= n_b; j++) {
			row[j] = least(least(above[j], row[j - 1]) + 1,
				       above[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], higher[j - 2] + 1);
		}
	}
	return row[n_b];
}

void near_try(struct near_word *near, const char *candidate)
{
	size_t n = strnlen(near->word, LENGTH_MAX), m = strnlen(candidate, LENGTH_MAX);
	unsigned far = least((unsigned)(n > m ? n : m) / 3, DISTANCE_MAX);
	unsigned d = distance(near->word, n, candidate, m);

	if (d <= far && (!near->best || d < near->distance)) {
		near->best = candidate;
		near->distance = d;
	}
}

char *near_question(const struct near_word *near, const char *before)
{
	return near->best ? xasprintf(" (did you mean %s%s?)", before, near->best) : xstrdup("");
}
