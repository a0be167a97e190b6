// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/base/path.h"

#include "src/common/mem.h"

#include <string.h>

char *path_clean(const char *name)
{
	char *path = xstrdup(name), *out = path;

	while (*name) {
		size_t len = strcspn(name, "/");

		if (len && !(len == 1 && *name == '.')) {
			if (out > path)
				*out++ = '/';
			memmove(out, name, len);
			out += len;
		}
		name += len + (name[len] == '/');
	}
	*out = '\0';
	return path;
}

bool path_has_dotdot(const char *path)
{
	auto_strv char **parts = strv_split(path, "/");

	return strv_has(parts, "..");
}

char *path_kernel(const char *path)
{
	static const char *const dirs[] = { "lib/modules/", "usr/lib/modules/" };

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		size_t len = strlen(dirs[i]);

		if (strncmp(path, dirs[i], len) == 0 && path[len])
			return xstrndup(path + len, strcspn(path + len, "/"));
	}
	return NULL;
}
