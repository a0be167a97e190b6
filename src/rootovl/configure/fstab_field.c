// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/configure/fstab_field.h"

#include "src/common/mem.h"

#include <limits.h>
#include <string.h>

char *fstab_field_unescape(const char *field)
{
	char *text = xstrdup(field), *end = text;

	for (const char *c = field; *c; c++) {
		if (*c == '\\' && c[1] >= '0' && c[1] <= '3' && c[2] >= '0' && c[2] <= '7' &&
		    c[3] >= '0' && c[3] <= '7') {
			char byte = (char)((c[1] - '0') << 6 | (c[2] - '0') << 3 | (c[3] - '0'));

			*end++ = (unsigned char)byte < ' ' ? '?' : byte;
			c += 3;
		} else {
			*end++ = *c;
		}
	}
	*end = '\0';
	return text;
}

char *fstab_field_path(const char *path)
{
	auto_strv char **parts = NULL;
	char *plain, *end;

	/* The kernel mounts nothing by a longer one. */
	if (path[0] != '/' || strlen(path) >= PATH_MAX)
		return xstrdup(path);
	parts = strv_split(path, "/");
	plain = end = xcalloc(strlen(path) + 2, 1);
	for (char **part = parts; part && *part; part++) {
		if (strcmp(*part, ".") == 0)
			continue;
		if (strcmp(*part, "..") == 0) {
			while (end > plain && *--end != '/')
				;
			*end = '\0';
			continue;
		}
		end += sprintf(end, "/%s", *part);
	}
	if (end == plain)
		strcpy(plain, "/");
	return plain;
}

bool fstab_field_is_option(const char *option, size_t len, const char *name)
{
	size_t n = strlen(name);

	return len >= n && strncmp(option, name, n) == 0 && (len == n || option[n] == '=');
}

bool fstab_field_has(const char *options, const char *name)
{
	for (const char *c = options; *c; c += c[0] == ',') {
		size_t len = strcspn(c, ",");

		if (fstab_field_is_option(c, len, name))
			return true;
		c += len;
	}
	return false;
}
