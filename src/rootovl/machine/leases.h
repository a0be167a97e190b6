/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads the DHCP leases of this machine, which systemd-networkd stores in
 * /run/systemd/netif/leases.
 */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/settings/dhcp_lease.h"

/*
 * Waits at most `seconds` until an interface has a lease with a root path, and returns the first
 * such lease in *ret. The console shows what the boot waits for. The caller owns *ret.
 */
int leases_wait(struct dhcp_lease *ret, unsigned seconds, struct failure *f);

/*
 * Returns the server of a root without a host name, by the rules of nfsroot.rst in the kernel: the
 * boot server that a lease names, otherwise the DHCP server. Returns NULL if there is no lease yet.
 * The caller owns the result.
 */
char *leases_server(void);

/*
 * Returns the host name that a lease gives this machine, exactly as it was sent. The lease of the
 * interface with the index `first` is preferred. Returns NULL if no lease has a host name. The
 * caller owns the result.
 */
char *leases_host_name(unsigned first);
