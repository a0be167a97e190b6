// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/build/extras.h"

#include "src/common/mem.h"

#include <string.h>

static const struct {
	const char *word;
	enum place place;
} table[EXTRA_COUNT] = {
	[EXTRA_DISKS] = { "disks", PLACE_DISKS_MODULE },
	[EXTRA_LIVE] = { "live", PLACE_LIVE_MODULE },
};

bool extras_add(extras *set, const char *word)
{
	for (unsigned i = 0; i < EXTRA_COUNT; i++) {
		if (strcmp(table[i].word, word) == 0) {
			*set |= 1U << i;
			return true;
		}
	}
	return false;
}

bool extras_has(extras set, enum extra extra)
{
	return set >> extra & 1;
}

const char *extra_word(enum extra extra)
{
	return table[extra].word;
}

char **extras_words(extras set)
{
	char **words = NULL;

	for (enum extra i = 0; i < EXTRA_COUNT; i++) {
		if (extras_has(set, i))
			strv_add(&words, xstrdup(table[i].word));
	}
	return words;
}

enum place extra_place(enum extra extra)
{
	return table[extra].place;
}
