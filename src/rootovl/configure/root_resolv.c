// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/configure/root_resolv.h"

#include "src/common/mem.h"
#include "src/common/resolv_names.h"

#include <string.h>

/* resolved's own, which only it answers: the stub, and the stub without its search domains. */
static bool is_stub(const char *server)
{
	return IS_ONE_OF(server, "127.0.0.53", "127.0.0.54");
}

/* A server that answers without resolved? */
static bool has_server(const char *text, bool *ret_stub)
{
	auto_strv char **lines = strv_split(text, "\n");

	*ret_stub = false;
	for (char **line = lines; line && *line; line++) {
		auto_strv char **words = strv_split(*line, " \t\r");

		if (!words || strcmp(words[0], "nameserver") != 0 || !words[1])
			continue;
		if (!is_stub(words[1]))
			return true;
		*ret_stub = true;
	}
	return false;
}

/* "/run/…", "../run/…", "/var/run/…" and the like. */
bool root_resolv_is_in_run(const char *target)
{
	while (!strncmp(target, "../", 3))
		target += 3;
	while (*target == '/')
		target++;
	if (!strncmp(target, "var/", 4))
		target += 4;
	return !strncmp(target, "run/", 4);
}

enum root_resolv root_resolv_of(const char *target, const char *text, bool resolved)
{
	bool of_resolved = target && strstr(target, "systemd/resolve/") != NULL;
	bool stub = false;

	/* Of a boot before, in an upper that was kept. */
	if (text && !strncmp(text, RESOLV_OURS, strlen(RESOLV_OURS)))
		return ROOT_RESOLV_WRITE;
	if (target && root_resolv_is_in_run(target))
		return of_resolved && resolved ? ROOT_RESOLV_RESOLVED : ROOT_RESOLV_WRITE;
	if (text && has_server(text, &stub))
		return ROOT_RESOLV_OWN;
	/* Where there is no such file, the root's systemd-tmpfiles links it to resolved's. */
	return resolved && (stub || of_resolved || (!target && !text)) ? ROOT_RESOLV_RESOLVED
								       : ROOT_RESOLV_WRITE;
}
