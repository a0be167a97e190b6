// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/plan/disk_keys.h"

#include "src/common/macro.h"
#include "src/common/mem.h"
#include "src/testbox/plan/script_words.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

#define NUMBER_MAX 999 /* more than any machine has */

/* Where a row's counts are. */
#define NAMES_AT(field)	 .count = offsetof(struct disk_keys, field)
#define NUMBER_AT(field) NAMES_AT(field), .said = offsetof(struct disk_keys, field##_said)

static const struct row {
	const char *name;
	size_t count;
	size_t said; /* of a number: where it is noted; 0: the value is a list of names */
	bool parts;  /* several may be on one disk: what is on /dev/vdX adds none */
} rows[] = {
	{ "rootfs_disk", NAMES_AT(rootfs) },
	{ "hdd_partitions", NAMES_AT(hdd) },
	{ "ssd_partitions", NAMES_AT(ssd) },
	{ "swap_partitions", NAMES_AT(swap), .parts = true },
	{ "rootfs_partition", NAMES_AT(partition), .parts = true },
	{ "nr_hdd_partitions", NUMBER_AT(nr_hdd) },
	{ "nr_ssd_partitions", NUMBER_AT(nr_ssd) },
};

const char *disk_keys_nth(size_t i)
{
	return i < ARRAY_SIZE(rows) ? rows[i].name : NULL;
}

unsigned disk_keys_number(const char *name)
{
	static const char begin[] = "/dev/vd";
	size_t len = strlen(begin);

	if (strncmp(name, begin, len) != 0 || !islower((unsigned char)name[len]) ||
	    name[len + 1 + strspn(name + len + 1, "0123456789")])
		return 0;
	return (unsigned)(name[len] - 'a') + 1;
}

static void take_names(struct disk_keys *keys, const struct row *row, const char *value)
{
	auto_strv char **names = strv_split(value, " \t\n");
	unsigned *count = (unsigned *)((char *)keys + row->count);

	*count = 0;
	for (size_t i = 0; names && names[i]; i++) {
		unsigned number = disk_keys_number(names[i]);

		if (number > keys->highest)
			keys->highest = number;
		if ((!number || !row->parts) && *count < NUMBER_MAX)
			++*count;
	}
}

/* An empty value says nothing, as in a shell. */
static int take_number(struct disk_keys *keys, const struct row *row, const char *value,
		       struct failure *f)
{
	unsigned n = 0;

	if (*value && (!script_number(value, &n) || n > NUMBER_MAX))
		return fail(f, EINVAL, NULL, "%s: '%.40s': a number is wanted", row->name, value);
	*(bool *)((char *)keys + row->said) = *value != '\0';
	*(unsigned *)((char *)keys + row->count) = n;
	return 1;
}

int disk_keys_take(struct disk_keys *keys, const char *key, const char *value, struct failure *f)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (strcmp(key, rows[i].name) != 0)
			continue;
		if (rows[i].said)
			return take_number(keys, &rows[i], value, f);
		take_names(keys, &rows[i], value);
		return 1;
	}
	return 0;
}

unsigned disk_keys_count(const struct disk_keys *keys)
{
	unsigned hdd = keys->nr_hdd_said ? keys->nr_hdd : keys->hdd;
	unsigned ssd = keys->nr_ssd_said ? keys->nr_ssd : keys->ssd;
	unsigned others = hdd + ssd + keys->swap + keys->partition;
	unsigned count = others + (keys->rootfs ? keys->rootfs : others ? 1 : 0);

	return count > keys->highest ? count : keys->highest;
}
