// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/settings/root_dhcp.h"

#include "src/common/mem.h"
#include "src/rootovl/settings/root_forms.h"
#include "src/rootovl/settings/root_options.h"
#include "src/rootovl/settings/root_parts.h"

#include <errno.h>
#include <string.h>

#define DHCP_PATH_MAX 1024

static int check_dhcp_text(const char *path, struct failure *f)
{
	if (strlen(path) > DHCP_PATH_MAX)
		return fail(f, ENAMETOOLONG, "mend the DHCP server's option 17",
			    "root=dhcp: a root path of more than %d bytes", DHCP_PATH_MAX);
	for (const char *c = path; *c; c++)
		if ((unsigned char)*c <= ' ' || *c == 0x7f)
			return fail(f, EINVAL, "mend the DHCP server's option 17",
				    "root=dhcp: a blank or a control character in the root path");
	return 0;
}

/* What a DHCP server may say, without what this machine's owner said. */
static int parse_dhcp_path(struct root_source *parsed, char *text, const char *asked,
			   const char *server, struct failure *f)
{
	int r = root_forms_parse(parsed, text, true, f);

	if (r < 0)
		return r;
	if (parsed->credentials)
		return fail(f, EINVAL, "give rootovl.credentials= to the machine",
			    "the option credentials: a server names no file of this machine");
	/* The server of ip= counts more, as in nfsroot.rst of the kernel. */
	if (!parsed->host && asked)
		parsed->host = xstrdup(asked);
	if (!parsed->host && server) {
		auto_free char *host = xstrdup(server);

		r = root_parts_host(parsed, host, f);
	}
	return r;
}

int root_dhcp_parse(struct root_source *source, const char *path, const char *server,
		    struct failure *f)
{
	struct root_source parsed = { 0 };
	auto_free char *text = xasprintf("%s%s", path[0] == '/' ? "nfs:" : "", path);
	auto_free char *options = strv_join(source->options, ",");
	int r = check_dhcp_text(path, f);

	if (r < 0)
		return r;
	r = parse_dhcp_path(&parsed, text, source->host, server, f);
	if (r < 0)
		failure_prefix(f, "the DHCP server's root path (option 17)");
	else
		r = root_options_add(&parsed, options, f);
	if (r < 0) {
		root_source_done(&parsed);
		return r;
	}
	if (source->credentials)
		set_text(&parsed.credentials, STEAL(source->credentials));
	if (!parsed.user)
		parsed.user = STEAL(source->user);
	if (!parsed.password)
		parsed.password = STEAL(source->password);
	parsed.by_dhcp = true;
	root_source_done(source);
	*source = parsed;
	return 0;
}
