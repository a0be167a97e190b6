// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/disk/lower_identity.h"

#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>

char *lower_identity(const char *name, int lower)
{
	static const char *const paths[] = { ".", "etc", "usr", "usr/lib", "usr/bin" };
	char *text = xasprintf("%s\n", name);

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		struct statx st = { 0 };

		/* The kernel may cache attributes of a lower for a day, so the server is asked. */
		if (statx(lower, paths[i], AT_SYMLINK_NOFOLLOW | AT_STATX_FORCE_SYNC, STATX_MTIME,
			  &st) < 0 &&
		    errno != ENOENT && errno != ENOTDIR) {
			int code = errno;

			free(text);
			errno = code;
			return NULL;
		}
		set_text(&text, xasprintf("%s%s %jd.%09u\n", text, paths[i],
					  (intmax_t)st.stx_mtime.tv_sec, st.stx_mtime.tv_nsec));
	}
	return text;
}
