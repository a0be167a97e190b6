/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The value of ip=, in the forms of dracut.cmdline(7), nfsroot.rst of the kernel and PXELINUX.
 * Pure. */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/settings/network_parts.h"

enum net_method {
	NET_NONE,
	NET_LINK6, /* the address of the link alone */
	NET_AUTO6, /* what routers advertise */
	NET_DHCP6,
	NET_DHCP,
	NET_ANY, /* DHCP of both */
};

struct net_ip {
	struct net_address address; /* none: by the method alone */
	unsigned prefix;
	struct net_address server, gateway, ntp, dns[2];
	char *hostname, *mtu, *mac; /* NULL: not given */
	char *interface;	    /* "": whichever; "BOOTIF": the card of BOOTIF= */
	enum net_method method;
	bool asked; /* was the method written? */
};

/* *ret is the caller's, also on failure. */
int net_ip_parse(struct net_ip *ret, const char *value, struct failure *f);
void net_ip_done(struct net_ip *ip);

/* Is the gateway outside of what the address reaches? It is then said to be on the link. */
bool net_ip_is_onlink(const struct net_ip *ip);

/* Does it name a gateway and nothing else? */
bool net_ip_is_gateway(const struct net_ip *ip);

/* What both together ask for. */
enum net_method net_method_add(enum net_method one, enum net_method other);

/* "ip=…" as systemd-network-generator takes it; what it does not is left out. Owned by the caller.
 */
char *net_ip_word(const struct net_ip *ip);
