// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Looks at disks and prepares them.
 *
 *   disks probe DEV                   what is on it, one line
 *   disks marker DEV set|none
 *   disks wipe DEV
 *   disks find SPEC MILLISECONDS      its path
 *   disks prepare WISH DEV…           WISH: words of size=MIB size=N% format=… fs=…; its device
 *
 * A failure is one line, "failure: ERRNO: TEXT", and status 1.
 */
#include "src/rootovl/disk/disks.h"
#include "src/common/clock.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/disk/disk_probe.h"
#include "src/rootovl/machine/device.h"

#include <inttypes.h>
#include <string.h>

static int probe(char **argv, struct failure *f)
{
	static const char *const kinds[] = { "blank", "ours", "foreign" };
	struct disk disk;
	int r = disk_probe(argv[0], &disk, f);

	if (r == 0)
		printf("%s%s%s: %s; %" PRIu64 " bytes%s%s%s%s\n", kinds[disk.kind],
		       disk.marked ? ", marked" : "", disk.member ? ", member" : "",
		       disk.found ? disk.found : "nothing", disk.size,
		       disk.read_only ? ", read-only" : "", disk.removable ? ", removable" : "",
		       disk.used ? ", " : "", disk.used ? disk.used : "");
	disk_done(&disk);
	return r;
}

static int marker(char **argv, struct failure *f)
{
	return disk_mark(argv[0], !strcmp(argv[1], "set"), f);
}

static int wipe(char **argv, struct failure *f)
{
	return disk_wipe(argv[0], f);
}

static int find(char **argv, struct failure *f)
{
	auto_free char *path = NULL;
	int r = device_find(argv[0], clock_ms() + strtoull(argv[1], NULL, 10), &path, f);

	if (r == 0)
		puts(path);
	return r;
}

static void read_wish(const char *text, struct disks_wish *ret)
{
	auto_strv char **words = strv_split(text, " ");

	for (char **word = words; word && *word; word++) {
		const char *value = strchr(*word, '=');
		bool percent = (*word)[strlen(*word) - 1] == '%';

		if (!value)
			continue;
		if (!strncmp(*word, "size=", 5)) {
			ret->size_asked = true;
			ret->size = percent ? 0 : strtoull(value + 1, NULL, 10) * 1024 * 1024;
			ret->percent = percent ? (unsigned)strtoul(value + 1, NULL, 10) : 0;
		}
		if (!strcmp(*word, "format=force"))
			ret->format = DISKS_FORMAT_FORCE;
		if (!strcmp(*word, "format=never"))
			ret->format = DISKS_FORMAT_NEVER;
		if (!strcmp(*word, "fs=xfs"))
			ret->fs = DISKS_XFS;
	}
}

static int prepare(char **argv, struct failure *f)
{
	struct disks_wish wish = { 0 };
	int r;

	read_wish(argv[0], &wish);
	r = disks_prepare(argv + 1, &wish, f);
	if (r == 0)
		puts(DISKS_VOLUME);
	return r;
}

static const struct action {
	const char *name;
	int min_args;
	int (*run)(char **argv, struct failure *f);
} actions[] = {
	{ "probe", 1, probe }, { "marker", 2, marker },	  { "wipe", 1, wipe },
	{ "find", 2, find },   { "prepare", 1, prepare },
};

int main(int argc, char **argv)
{
	auto_failure struct failure f = { 0 };

	for (size_t i = 0; argc > 1 && i < ARRAY_SIZE(actions); i++) {
		auto_free char *text = NULL;

		if (strcmp(argv[1], actions[i].name) != 0 || argc - 2 < actions[i].min_args)
			continue;
		if (actions[i].run(argv + 2, &f) == 0)
			return 0;
		text = log_failure_text(&f);
		printf("failure: %s: %s\n", strerrorname_np(f.code), text);
		return 1;
	}
	return fputs("usage: disks probe|marker|wipe|find|prepare …\n", stderr), 2;
}
