// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/settings/own_files.h"

#include "src/common/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool begins(const char *path, const char *prefix)
{
	return strncmp(path, prefix, strlen(prefix)) == 0;
}

bool own_files_has(const char *path)
{
	const char *name = strrchr(path, '/');

	if (IS_ONE_OF(path, "init", "usr/bin/rootovl", "usr/lib/systemd/systemd",
		      "usr/lib/systemd/system/initrd-switch-root.service"))
		return true;
	if (begins(path, "usr/lib/rootovl/"))
		return strcmp(path, OWN_FILES) != 0;
	return begins(path, "usr/lib/systemd/") && begins(name + 1, "rootovl");
}

uint64_t own_files_sum(uint64_t sum, const void *data, size_t n)
{
	const unsigned char *byte = data;

	for (size_t i = 0; i < n; i++)
		sum = (sum ^ byte[i]) * UINT64_C(0x100000001b3);
	return sum;
}

char *own_files_line(const struct own_file *file)
{
	return xasprintf("%" PRIu64 " %016" PRIx64 " %s\n", file->size, file->sum, file->path);
}

bool own_files_parse(const char *line, struct own_file *ret)
{
	int at = 0;

	*ret = (struct own_file){ 0 };
	if (sscanf(line, "%" SCNu64 " %" SCNx64 " %n", &ret->size, &ret->sum, &at) != 2 || !at)
		return false;
	ret->path = line + at;
	return *ret->path && *ret->path != '/' && !strstr(ret->path, "..");
}
