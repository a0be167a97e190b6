/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What root= needs of the network's parameters. Pure. */
#pragma once

#include "src/rootovl/settings/network_words.h"
#include "src/rootovl/settings/root_source.h"

/*
 * A root without a host is on the server that ip= names, as in nfsroot.rst of the kernel. A failure
 * where it, or what a DHCP server is to name, needs DHCP and no interface asks; and where a root is
 * on a server and no interface gets an address: the boot would only wait for it.
 */
int root_network_settle(struct root_source *root, const struct network_words *words,
			struct failure *f);
