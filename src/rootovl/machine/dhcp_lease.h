/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What DHCP servers said, as systemd-networkd keeps it: a file for each interface below
 * /run/systemd/netif/leases with lines NAME=VALUE. systemd 252 and 257 write ROOT_PATH=,
 * NEXT_SERVER= and SERVER_ADDRESS= (dhcp_lease_save() in libsystemd-network).
 * Nothing in it is trusted: it is text until root_source_parse_dhcp() has looked at it.
 */
#ifndef ROOTOVL_DHCP_LEASE_H
#define ROOTOVL_DHCP_LEASE_H

#include "src/common/failure.h"

struct dhcp_lease {
	char *root_path; /* option 17 of RFC 2132; NULL: none was given */
	char *server; /* the next server ("siaddr"), else the DHCP server itself; NULL: unknown */
};

/* Reads a lease file's text; pure. What *lease held is replaced. */
void dhcp_lease_parse(struct dhcp_lease *lease, const char *text);
void dhcp_lease_done(struct dhcp_lease *lease);

/*
 * Waits until an interface has a lease with a root path, `seconds` at most; the first one wins.
 * Says on the console what is waited for. *ret is the caller's.
 */
int dhcp_lease_wait(struct dhcp_lease *ret, unsigned seconds, struct failure *f);

/*
 * The server of a host-less root, as nfsroot.rst of the kernel has it: the one that a lease of this
 * machine names to boot from, else the DHCP server. NULL: no lease yet. Owned by the caller.
 */
char *dhcp_lease_server(void);

#endif
