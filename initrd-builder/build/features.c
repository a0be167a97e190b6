// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/build/features.h"

#include "src/common/mem.h"

#include <string.h>

static const struct {
	const char *option, *word;
	bool userspace;
	enum part part;
} table[FEATURE_COUNT] = {
	[FEATURE_SHORT] = { "way", "short", true, PART_COUNT },
	[FEATURE_VM] = { "for", "vm", false, PART_COUNT },
	[FEATURE_DISKS] = { "with", "disks", true, PART_DISKS_MODULE },
	[FEATURE_LIVE] = { "with", "live", true, PART_LIVE_MODULE },
	[FEATURE_VERITY] = { "with", "verity", true, PART_VERITY_MODULE },
};

bool features_add(features *set, const char *option, const char *value)
{
	for (unsigned i = 0; i < FEATURE_COUNT; i++) {
		if (strcmp(table[i].option, option) == 0 && strcmp(table[i].word, value) == 0) {
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

const char *features_option(enum feature feature)
{
	return table[feature].option;
}

const char *features_word(enum feature feature)
{
	return table[feature].word;
}

bool features_is_userspace(enum feature feature)
{
	return table[feature].userspace;
}

char **features_options(features set)
{
	char **options = NULL;

	for (enum feature i = 0; i < FEATURE_COUNT; i++) {
		if (features_has(set, i))
			strv_add(&options, xasprintf("--%s=%s", table[i].option, table[i].word));
	}
	return options;
}

enum part features_part(enum feature feature)
{
	return table[feature].part;
}
