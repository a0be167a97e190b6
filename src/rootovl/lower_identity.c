// SPDX-License-Identifier: GPL-2.0-or-later
#include "lower_identity.h"

#include "common/mem.h"

#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>

char *lower_identity(const char *name, int lower)
{
	static const char *const paths[] = { ".", "etc", "usr", "usr/lib", "usr/bin" };
	char *text = xasprintf("%s\n", name);

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		struct stat st = { 0 };
		char *longer;

		(void)fstatat(lower, paths[i], &st, AT_SYMLINK_NOFOLLOW);
		longer = xasprintf("%s%s %jd.%09ld\n", text, paths[i], (intmax_t)st.st_mtim.tv_sec,
				   st.st_mtim.tv_nsec);
		free(text);
		text = longer;
	}
	return text;
}
