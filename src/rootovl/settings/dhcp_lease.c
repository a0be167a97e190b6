// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/settings/dhcp_lease.h"

#include "src/common/mem.h"

#include <string.h>

/* The value of the last line "NAME=value"; the caller's. */
static char *value_of(char *const *lines, const char *name)
{
	size_t len = strlen(name);
	char *value = NULL;

	for (; lines && *lines; lines++)
		if (!strncmp(*lines, name, len) && (*lines)[len] == '=' && (*lines)[len + 1])
			set_text(&value, xstrdup(*lines + len + 1));
	return value;
}

void dhcp_lease_parse(struct dhcp_lease *lease, const char *text)
{
	auto_strv char **lines = strv_split(text, "\n");

	dhcp_lease_done(lease);
	lease->root_path = value_of(lines, "ROOT_PATH");
	lease->host_name = value_of(lines, "HOSTNAME");
	lease->server = value_of(lines, "NEXT_SERVER");
	if (!lease->server || !strcmp(lease->server, "0.0.0.0"))
		set_text(&lease->server, value_of(lines, "SERVER_ADDRESS"));
}

void dhcp_lease_done(struct dhcp_lease *lease)
{
	free(lease->root_path);
	free(lease->server);
	free(lease->host_name);
	*lease = (struct dhcp_lease){ 0 };
}
