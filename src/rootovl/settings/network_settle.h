/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all network parameters together mean: the second half of network_words_read(). Pure. */
#pragma once

#include "src/rootovl/settings/network_ip.h"
#include "src/rootovl/settings/network_links.h"
#include "src/rootovl/settings/network_words.h"

/* What the words said, one by one. */
struct net_reading {
	struct network_words *ret;
	struct net_ip *ips;
	size_t n_ips;
	struct net_links links;
	char **made;   /* "vlan=…" and the like, for the generator */
	char **dns;    /* "nameserver=…" */
	char **routes; /* "NETWORK:GATEWAY" and the interface, or "", in turn */
	char *bootif;
	bool no_peerdns;
};

void net_reading_add_dns(struct net_reading *reading, const struct net_address *address);

/* Checks them against one another, and fills *reading->ret. */
int net_reading_settle(struct net_reading *reading, struct failure *f);
void net_reading_done(struct net_reading *reading);
