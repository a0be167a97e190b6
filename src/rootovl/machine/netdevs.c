// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/machine/netdevs.h"

#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/rootovl/settings/network_unit.h"

#include <fcntl.h>
#include <glob.h>
#include <unistd.h>

#define NETWORKD   "/usr/lib/systemd/systemd-networkd"
#define NETDEV_MAX 65536

static void read_dir(const char *dir, char ***ret)
{
	auto_free char *pattern = xasprintf("%s/systemd/network/*.netdev", dir);
	glob_t files;

	if (glob(pattern, 0, NULL, &files) != 0)
		return;
	for (size_t i = 0; i < files.gl_pathc; i++) {
		auto_free char *text = NULL;
		char *name;

		if (file_read(AT_FDCWD, files.gl_pathv[i], NETDEV_MAX, &text) < 0)
			continue;
		name = network_unit_made(text);
		if (name)
			strv_add(ret, name);
	}
	globfree(&files);
}

bool netdevs_read(char ***ret)
{
	static const char *const dirs[] = { "/etc", "/run", "/usr/local/lib", "/usr/lib" };

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		read_dir(dirs[i], ret);
	return access(NETWORKD, X_OK) == 0;
}
