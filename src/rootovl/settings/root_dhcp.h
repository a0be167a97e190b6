/* SPDX-License-Identifier: GPL-2.0-or-later */
/* root=dhcp: the root that a DHCP server names. Pure. */
#pragma once

#include "src/rootovl/settings/root_source.h"

/*
 * Reads a root path that a DHCP server gave (RFC 2132, option 17): "/path", "host:/path", "nfs:…",
 * "cifs://…", "nbd:…". *source is one of root=dhcp; it is replaced, but for its options and its
 * credentials file, which the new one keeps. A path without a host is on the host of *source, or on
 * `server` (NULL: on the one that network_find() takes then).
 */
int root_dhcp_parse(struct root_source *source, const char *path, const char *server,
		    struct failure *f);
