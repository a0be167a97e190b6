// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/build/parts.h"

#include "src/common/mem.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

/* Below the top of a source tree, and below PREFIX. */
static const struct {
	const char *in_tree;
	const char *installed;
} table[PART_COUNT] = {
	[PART_MODULE] = { "modules.d/50rootovl", "lib/dracut/modules.d/50rootovl" },
	[PART_LEAN_MODULE] = { "modules.d/51rootovl-lean", "lib/dracut/modules.d/51rootovl-lean" },
	[PART_SHORT_MODULE] = { "modules.d/55rootovl-short",
				"lib/dracut/modules.d/55rootovl-short" },
	[PART_LIVE_MODULE] = { "modules.d/52rootovl-live", "lib/dracut/modules.d/52rootovl-live" },
	[PART_DISKS_MODULE] = { "modules.d/53rootovl-disks",
				"lib/dracut/modules.d/53rootovl-disks" },
	[PART_VERITY_MODULE] = { "modules.d/54rootovl-verity",
				 "lib/dracut/modules.d/54rootovl-verity" },
	[PART_PROFILE] = { "initrd-builder/lean.conf", "lib/rootovl/lean.conf" },
	[PART_HELPER] = { "build/rootovl", "lib/rootovl/rootovl" },
	[PART_REPORT] = { "build/rootovl-booted", "lib/rootovl/rootovl-report" },
	[PART_FETCH] = { "build/rootovl-fetch", "lib/rootovl/rootovl-fetch" },
	[PART_VERITY] = { "build/rootovl-verity", "lib/rootovl/rootovl-verity" },
	[PART_PAYLOAD] = { "src/rootovl/payload.conf", "lib/rootovl/payload.conf" },
	[PART_DEFER] = { "src/rootovl/defer.conf", "lib/rootovl/defer.conf" },
	[PART_USERSPACE] = { "initrd-builder/userspace.sh", "lib/rootovl/userspace" },
};

static void remove_last_part(char *path)
{
	char *slash = strrchr(path, '/');

	*(slash ? slash : path) = '\0';
}

static bool is_source_tree(const char *top)
{
	auto_free char *profile = xasprintf("%s/%s", top, table[PART_PROFILE].in_tree);

	return access(profile, R_OK) == 0;
}

/*
 * Turns the path of the program into the top that the table's paths are below: the source tree of
 * TOP/build/initrd-builder or TOP/build/asan/initrd-builder, else PREFIX of PREFIX/bin/….
 */
static bool find_top(char *program)
{
	auto_free char *above = NULL;

	remove_last_part(program);
	remove_last_part(program);
	if (is_source_tree(program))
		return true;
	above = xstrdup(program);
	remove_last_part(above);
	if (!is_source_tree(above))
		return false;
	strcpy(program, above);
	return true;
}

int parts_find(struct parts *ret, struct failure *f)
{
	char top[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", top, sizeof(top) - 1);
	bool in_tree;

	*ret = (struct parts){ 0 };
	if (n < 0)
		return fail_errno(f, errno, "is /proc mounted?", "/proc/self/exe");
	top[n] = '\0';
	in_tree = find_top(top);
	for (int i = 0; i < PART_COUNT; i++) {
		ret->path[i] =
			xasprintf("%s/%s", top, in_tree ? table[i].in_tree : table[i].installed);
		if (access(ret->path[i], R_OK) < 0)
			return fail_errno(f, errno, in_tree ? "run make first" : "install rootovl",
					  "%s", ret->path[i]);
	}
	return 0;
}

void parts_done(struct parts *parts)
{
	for (int i = 0; i < PART_COUNT; i++)
		free(parts->path[i]);
	*parts = (struct parts){ 0 };
}
