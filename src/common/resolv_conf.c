// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/resolv_conf.h"

#include "src/common/files.h"
#include "src/common/mem.h"

#include <fcntl.h>
#include <glob.h>
#include <string.h>

#define STATE_MAX 65536

/* The value of the last "NAME=value" line in the files that match, or NULL. */
static char *state_value(const char *pattern, const char *name)
{
	char *value = NULL;
	size_t len = strlen(name);
	glob_t files;

	if (glob(pattern, 0, NULL, &files) != 0)
		return NULL;
	for (size_t i = 0; i < files.gl_pathc; i++) {
		auto_free char *text = NULL;
		auto_strv char **lines = NULL;

		if (file_read(AT_FDCWD, files.gl_pathv[i], STATE_MAX, &text) < 0)
			continue;
		lines = strv_split(text, "\n");
		for (size_t l = 0; lines && lines[l]; l++) {
			if (strncmp(lines[l], name, len) != 0 || lines[l][len] != '=' ||
			    !lines[l][len + 1])
				continue;
			free(value);
			value = xstrdup(lines[l] + len + 1);
		}
	}
	globfree(&files);
	return value;
}

/* sd_network_get_dns(3) reads the same state files. */
void resolv_conf_write(void)
{
	auto_free char *present = NULL, *servers = NULL, *text = xstrdup("");
	auto_strv char **list = NULL;

	if (file_read(AT_FDCWD, "/etc/resolv.conf", STATE_MAX, &present) == 0 &&
	    strstr(present, "nameserver"))
		return;
	servers = state_value("/run/systemd/netif/links/*", "DNS");
	if (!servers)
		return;
	list = strv_split(servers, " ");
	for (size_t i = 0; list && list[i]; i++) {
		/* "address#name" of systemd; resolv.conf knows only addresses. */
		char *longer;

		list[i][strcspn(list[i], "#%")] = '\0';
		longer = xasprintf("%snameserver %s\n", text, list[i]);
		free(text);
		text = longer;
	}
	file_write(AT_FDCWD, "/etc/resolv.conf", text, 0644);
}
