// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/usage.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

int usage_end(char *const *argv, const char *usage)
{
	bool help = argv[1] && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"));

	fputs(usage, help ? stdout : stderr);
	return help ? 0 : 2;
}
