// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A lease file of systemd-networkd, whose values a DHCP server chose. Its root is on a server, its
 * host name is one, and its name servers end no line.
 */
#include "src/rootovl/settings/dhcp_lease.h"

#include "src/common/mem.h"
#include "src/common/resolv_names.h"
#include "src/rootovl/settings/host_name.h"
#include "src/rootovl/settings/root_dhcp.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void check_root(const struct dhcp_lease *lease)
{
	struct root_source source = { .kind = ROOT_DHCP };
	auto_failure struct failure f = { 0 };
	auto_free char *name = NULL;

	if (!lease->root_path)
		return;
	if (root_dhcp_parse(&source, lease->root_path, lease->server, &f) < 0) {
		must(f.code && f.what && !strchr(f.what, '\n'));
	} else {
		must(source.kind == ROOT_CIFS || source.kind == ROOT_NFS ||
		     source.kind == ROOT_NBD);
		/* The name of an export is no path. */
		must(source.kind == ROOT_NBD || !source.path || !strstr(source.path, "/../"));
		name = root_source_name(&source);
		must(!strpbrk(name, "\n\t\x1b"));
	}
	root_source_done(&source);
}

static void check_name(const struct dhcp_lease *lease)
{
	struct host_name_words words = { .lease = lease->host_name };
	auto_free char *name = NULL;

	host_name_choose(&words, &name);
	must(!name || (*name && strlen(name) <= 64 && !strpbrk(name, "\n/: \t")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *text = xstrndup((const char *)data, size), *conf = NULL;
	struct resolv_names names = { 0 };
	struct dhcp_lease lease = { 0 };

	dhcp_lease_parse(&lease, text);
	check_root(&lease);
	check_name(&lease);
	/* Twice: what it held is released. */
	dhcp_lease_parse(&lease, text);
	dhcp_lease_done(&lease);
	resolv_names_take_link(&names, text, 1);
	resolv_names_take_conf(&names, text);
	conf = resolv_names_conf(&names);
	resolv_names_done(&names);
	return 0;
}
