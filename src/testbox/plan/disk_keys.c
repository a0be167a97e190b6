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

static const struct list {
	const char *key;
	size_t names; /* where they are counted */
	bool parts;   /* several may be on one disk: what is on /dev/vdX adds none */
} lists[] = {
	{ "rootfs_disk", offsetof(struct disk_keys, rootfs), .parts = false },
	{ "hdd_partitions", offsetof(struct disk_keys, hdd), .parts = false },
	{ "ssd_partitions", offsetof(struct disk_keys, ssd), .parts = false },
	{ "swap_partitions", offsetof(struct disk_keys, swap), .parts = true },
	{ "rootfs_partition", offsetof(struct disk_keys, partition), .parts = true },
};

unsigned disk_keys_number(const char *name)
{
	static const char begin[] = "/dev/vd";
	size_t len = strlen(begin);

	if (strncmp(name, begin, len) != 0 || !islower((unsigned char)name[len]) ||
	    name[len + 1 + strspn(name + len + 1, "0123456789")])
		return 0;
	return (unsigned)(name[len] - 'a') + 1;
}

static void take_names(struct disk_keys *keys, const struct list *list, const char *value)
{
	auto_strv char **names = strv_split(value, " \t\n");
	unsigned *count = (unsigned *)((char *)keys + list->names);

	*count = 0;
	for (size_t i = 0; names && names[i]; i++) {
		unsigned number = disk_keys_number(names[i]);

		if (number > keys->highest)
			keys->highest = number;
		if ((!number || !list->parts) && *count < NUMBER_MAX)
			++*count;
	}
}

/* An empty value says nothing, as in a shell. */
static int take_number(bool *ret_said, unsigned *ret, const char *key, const char *value,
		       struct failure *f)
{
	unsigned n = 0;

	if (*value && (!script_number(value, &n) || n > NUMBER_MAX))
		return fail(f, EINVAL, NULL, "%s: '%.40s': a number is wanted", key, value);
	*ret_said = *value != '\0';
	*ret = n;
	return 1;
}

int disk_keys_take(struct disk_keys *keys, const char *key, const char *value, struct failure *f)
{
	if (!strcmp(key, "nr_hdd_partitions"))
		return take_number(&keys->nr_hdd_said, &keys->nr_hdd, key, value, f);
	if (!strcmp(key, "nr_ssd_partitions"))
		return take_number(&keys->nr_ssd_said, &keys->nr_ssd, key, value, f);
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		if (strcmp(key, lists[i].key) != 0)
			continue;
		take_names(keys, &lists[i], value);
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
