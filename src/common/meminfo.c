// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/meminfo.h"

#include "src/common/files.h"
#include "src/common/mem.h"

#include <fcntl.h>
#include <string.h>

#define MEMINFO_MAX 65536

uint64_t meminfo_value(const char *text, const char *name)
{
	const char *line = strstr(text, name);

	return line ? strtoull(line + strlen(name), NULL, 10) * 1024 : 0;
}

uint64_t meminfo_read(const char *name)
{
	auto_free char *text = NULL;

	return file_read(AT_FDCWD, "/proc/meminfo", MEMINFO_MAX, &text) < 0
		       ? 0
		       : meminfo_value(text, name);
}
