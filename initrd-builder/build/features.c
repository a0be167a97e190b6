// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/build/features.h"

#include "src/common/mem.h"

#include <string.h>

static const struct {
	const char *word;
	enum part part;
} table[FEATURE_COUNT] = {
	[FEATURE_DISKS] = { "disks", PART_DISKS_MODULE },
	[FEATURE_LIVE] = { "live", PART_LIVE_MODULE },
	[FEATURE_VERITY] = { "verity", PART_VERITY_MODULE },
};

bool features_add(features *set, const char *word)
{
	for (unsigned i = 0; i < FEATURE_COUNT; i++) {
		if (strcmp(table[i].word, word) == 0) {
			*set |= 1U << i;
			return true;
		}
	}
	return false;
}

bool features_has(features set, enum feature feature)
{
	return set >> feature & 1;
}

const char *features_word(enum feature feature)
{
	return table[feature].word;
}

char **features_words(features set)
{
	char **words = NULL;

	for (enum feature i = 0; i < FEATURE_COUNT; i++) {
		if (features_has(set, i))
			strv_add(&words, xstrdup(table[i].word));
	}
	return words;
}

enum part features_part(enum feature feature)
{
	return table[feature].part;
}
