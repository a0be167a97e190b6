// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/resolv_conf.h"

#include "src/common/files.h"
#include "src/common/mem.h"

#include <fcntl.h>
#include <glob.h>
#include <string.h>

#define CONF	  "/etc/resolv.conf"
#define RESOLVED  "/run/systemd/resolve/resolv.conf" /* what its stub asks */
#define LINKS	  "/run/systemd/netif/links/"
#define STATE_MAX 65536

static void take_link(struct resolv_names *to, const char *path)
{
	auto_free char *text = NULL;

	if (file_read(AT_FDCWD, path, STATE_MAX, &text) == 0)
		resolv_names_take_link(to, text, (unsigned)strtoul(path + strlen(LINKS), NULL, 10));
}

/* sd_network_get_dns(3) reads the same state files. */
static void take_links(struct resolv_names *to, unsigned first)
{
	auto_free char *path = xasprintf(LINKS "%u", first);
	glob_t files;

	if (first)
		take_link(to, path);
	if (glob(LINKS "[0-9]*", 0, NULL, &files) != 0)
		return;
	for (size_t i = 0; i < files.gl_pathc; i++)
		take_link(to, files.gl_pathv[i]);
	globfree(&files);
}

/* Returns whether another program wrote a name server into the file. */
static bool take_conf(struct resolv_names *to, const char *path)
{
	auto_free char *present = NULL;

	if (file_read(AT_FDCWD, path, STATE_MAX, &present) < 0 || strstr(present, RESOLV_OURS))
		return false;
	resolv_names_take_conf(to, present);
	return to->servers != NULL;
}

/* A server of the initramfs itself, as systemd-resolved's stub, is gone in the root. */
static bool has_own_server(const struct resolv_names *names)
{
	for (char **server = names->servers; server && *server; server++)
		if (!strncmp(*server, "127.", 4) || !strcmp(*server, "::1"))
			return true;
	return false;
}

void resolv_conf_read(struct resolv_names *ret, unsigned first)
{
	*ret = (struct resolv_names){ 0 };
	take_conf(ret, CONF);
	if (has_own_server(ret)) {
		resolv_names_done(ret);
		take_conf(ret, RESOLVED);
	}
	take_links(ret, first);
}

void resolv_conf_write(void)
{
	struct resolv_names names = { 0 };
	auto_free char *text = NULL;

	if (!take_conf(&names, CONF)) {
		take_links(&names, 0);
		text = resolv_names_conf(&names);
	}
	if (text)
		file_write(AT_FDCWD, CONF, text, 0644);
	resolv_names_done(&names);
}
