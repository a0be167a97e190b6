// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/root/kernel_config.h"

#include "src/common/mem.h"

#include <string.h>

char *kernel_config_read(const struct rootfs *root, const char *version)
{
	auto_free char *in_boot = xasprintf("boot/config-%s", version);
	auto_free char *in_modules = xasprintf("lib/modules/%s/config", version);
	char *config = NULL;

	if (rootfs_read(root, in_boot, KERNEL_CONFIG_MAX, &config) < 0)
		rootfs_read(root, in_modules, KERNEL_CONFIG_MAX, &config);
	return config;
}

bool kernel_config_has(const char *config, const char *option)
{
	size_t len = strlen(option);

	for (const char *at = strstr(config, option); at; at = strstr(at + len, option)) {
		const char *value = at + len;

		if ((at == config || at[-1] == '\n') && value[0] == '=' && value[1] == 'y' &&
		    (value[2] == '\n' || value[2] == '\0'))
			return true;
	}
	return false;
}
