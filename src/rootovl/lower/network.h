/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the helper itself needs of the network. Bringing it up is systemd-networkd's job; here is
 * only finding the server, seeing whether it answers, and waiting for something to change.
 */
#pragma once

#include "src/common/failure.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdint.h>

struct network_peer {
	char address[NI_MAXHOST];		    /* the server's, numeric */
	char local[INET6_ADDRSTRLEN + IF_NAMESIZE]; /* ours, as the server sees it, numeric */
};

/*
 * Finds `host` (NULL: the server that DHCP named) and connects to its TCP port within `ms`. Gives
 * the socket, which does not block and is the caller's. Failures that connect_heals() are worth
 * another try. For a name, a missing /etc/resolv.conf is written first, from what networkd has
 * learned. Where the host does not answer by the kernel's route, each other interface with a route
 * to it is tried for `ms`; a route to the host alone by the one that works is left.
 */
int network_connect(const char *host, unsigned port, unsigned ms, struct network_peer *ret,
		    struct failure *f);

/* The same, only to see that the server is there; gives 0. */
int network_find(const char *host, unsigned port, unsigned ms, struct network_peer *ret,
		 struct failure *f);

/*
 * Finds out by which of our addresses `host` would be reached, as above, and sends it nothing.
 * Where nobody tells the host's address, any way out of this machine will do; peer->address is then
 * not the host's.
 */
int network_way(const char *host, struct network_peer *ret, struct failure *f);

/* A socket that hears of new addresses and routes (rtnetlink(7)), for events_wait(); or -1. */
int network_listen(void);
