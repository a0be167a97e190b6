// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/lower/selinux.h"

#include "src/common/mem.h"

#include <string.h>
#include <unistd.h>

#define CONFIG	   "/etc/selinux/config"
#define CONFIG_MAX 65536

bool selinux_config_enforces(const char *text)
{
	auto_strv char **lines = strv_split(text, "\r\n");
	bool enforces = false;

	/* libselinux uses the last such line, and ignores case. */
	for (char **line = lines; line && *line; line++) {
		const char *at = *line + strspn(*line, " \t");

		if (strncmp(at, "SELINUX=", strlen("SELINUX=")) == 0)
			enforces = strncasecmp(at + strlen("SELINUX="), "enforcing",
					       strlen("enforcing")) == 0;
	}
	return enforces;
}

bool selinux_refuses(struct newroot *lower)
{
	auto_free char *text = NULL;
	size_t len;

	/* The directory for selinuxfs exists only if SELinux is enabled in the kernel. */
	return access("/sys/fs/selinux", F_OK) == 0 &&
	       newroot_read(lower, CONFIG, CONFIG_MAX, &text, &len) == 0 &&
	       selinux_config_enforces(text) &&
	       newroot_has_xattr(lower, "/usr/lib/systemd/systemd", "security.selinux") != 1;
}
