/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The DHCP leases of this machine, which systemd-networkd keeps below /run/systemd/netif/leases. */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/settings/dhcp_lease.h"

/*
 * Waits until an interface has a lease with a root path, `seconds` at most; the first one wins.
 * Says on the console what is waited for. *ret is the caller's.
 */
int leases_wait(struct dhcp_lease *ret, unsigned seconds, struct failure *f);

/*
 * The server of a host-less root, as nfsroot.rst of the kernel has it: the one that a lease of this
 * machine names to boot from, else the DHCP server. NULL: no lease yet. Owned by the caller.
 */
char *leases_server(void);

/*
 * The host name that a lease has for this machine, as it was sent; that of the interface of this
 * number is preferred. NULL: there is none. Owned by the caller.
 */
char *leases_host_name(unsigned first);
