// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/settings/root_network.h"

#include "src/common/mem.h"

#include <errno.h>

int root_network_settle(struct root_source *root, const struct network_words *words,
			struct failure *f)
{
	bool hostless = root->kind == ROOT_NFS || root->kind == ROOT_DHCP;

	if (!root_source_is_remote(root))
		return 0;
	if (!words->address)
		return fail(f, EINVAL, "ip=dhcp, or ip=ADDRESS::GATEWAY:NETMASK::INTERFACE:none",
			    "root=: it is on a server, and by ip= no interface gets an address");
	if (hostless && !root->host && words->server)
		root->host = xstrdup(words->server);
	if (root->kind == ROOT_DHCP && !words->dhcp)
		return fail(f, EINVAL, "add ip=dhcp, or write where the root is",
			    "root=dhcp: by ip= no interface asks by DHCP for an IPv4 address");
	if (root->kind == ROOT_NFS && !root->host && !root->address && !words->dhcp)
		return fail(
			f, EINVAL,
			"write root=nfs:HOST:/PATH, the server in ip=ADDRESS:SERVER:…, or ip=dhcp",
			"root=nfs:%s: no host, and by ip= no interface asks by DHCP", root->path);
	return 0;
}
