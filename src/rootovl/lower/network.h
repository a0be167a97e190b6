/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the server, tests whether it answers, and waits for network changes. systemd-networkd
 * configures the network.
 */
#pragma once

#include "src/common/failure.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdint.h>

struct network_peer {
	char address[NI_MAXHOST]; /* of the server, numeric */
	char local[INET6_ADDRSTRLEN +
		   IF_NAMESIZE]; /* of this machine, as the server sees it, numeric */
};

/*
 * Finds `host` (NULL: the server that DHCP named) and connects to its TCP port within `ms`. Returns
 * a non-blocking socket, owned by the caller, or -errno. After failures that connect_heals()
 * accepts, another attempt is worthwhile. For a host name, it first writes a missing
 * /etc/resolv.conf from what networkd has learned. If the host does not answer by the kernel's
 * route, it tries each other interface with a route to the host for `ms`. It then leaves a route to
 * the host through the interface that works.
 */
int network_connect(const char *host, unsigned port, unsigned ms, struct network_peer *ret,
		    struct failure *f);

/*
 * Does the same to find out whether the server is there, and closes the socket. Returns 0 or
 * -errno.
 */
int network_find(const char *host, unsigned port, unsigned ms, struct network_peer *ret,
		 struct failure *f);

/*
 * Finds the local address from which `host` would be reached, and sends nothing to it. If the
 * address of the host cannot be found, uses the default route; peer->address is then not the
 * address of the host.
 */
int network_way(const char *host, struct network_peer *ret, struct failure *f);

/*
 * Opens a socket that receives new addresses and routes (rtnetlink(7)), for events_wait(). Returns
 * -1 on failure.
 */
int network_listen(void);
