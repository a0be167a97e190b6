// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/settings/image_dirs.h"

#include <fnmatch.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

const struct image_dir image_dirs[] = {
	{ "/", 0755 },
	{ "/tmp", 01777 },
	{ "/var/tmp", 01777 },
	{ "/dev", 0755 },
	{ "/proc", 0555 },
	{ "/sys", 0555 },
	{ "/run", 0755 },
	{ "/sysroot", 0755 },
	/* Programs and libraries; the first level of these has the libraries of an architecture. */
	{ "/bin", 0755 },
	{ "/sbin", 0755 },
	{ "/lib*", 0755 },
	{ "/usr", 0755 },
	{ "/usr/bin", 0755 },
	{ "/usr/sbin", 0755 },
	{ "/usr/lib*", 0755 },
	{ "/usr/lib*/*", 0755 },
	{ "/usr/share", 0755 },
	{ "/usr/share/dbus-1", 0755 },
	{ "/usr/share/dbus-1/*", 0755 },
	/* What the daemons read. */
	{ "/usr/lib/systemd/*", 0755 },
	{ "/usr/lib/systemd/network/*", 0755 },
	{ "/etc", 0755 },
	{ "/etc/dbus-1", 0755 },
	{ "/etc/dbus-1/*", 0755 },
	{ "/etc/systemd", 0755 },
	{ "/etc/systemd/*", 0755 },
	{ "/etc/systemd/network/*", 0755 },
	{ "/var", 0755 },
	{ "/var/lib", 0755 },
	{ "/var/lib/dbus", 0755 },
	{ "/var/lib/nfs", 0755 },
	{ NULL, 0 },
};

/* systemd's credentials are root's alone: credstore, credstore.encrypted. */
static bool is_private(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && strncmp(slash + 1, "credstore", strlen("credstore")) == 0;
}

const struct image_dir *image_dirs_find(const char *path)
{
	if (is_private(path))
		return NULL;
	for (const struct image_dir *row = image_dirs; row->pattern; row++) {
		if (fnmatch(row->pattern, path, FNM_PATHNAME) == 0)
			return row;
	}
	return NULL;
}
