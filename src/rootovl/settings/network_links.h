/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The interfaces that vlan=, bridge= and bond= make, and the names of ifname=: what is wrong only
 * when one sees all of them. Pure.
 */
#pragma once

#include "src/common/failure.h"

#include <stdbool.h>
#include <stddef.h>

struct net_links {
	struct net_link {
		const char *word; /* "vlan", "bridge" or "bond" */
		char *value;	  /* as it was given; its name stands in front of the first ':' */
		char *name;
		char **below; /* what it is made of */
		unsigned id;  /* of a VLAN */
	} * links;
	size_t n;
	char **names; /* of ifname=: the name and the MAC in turn */
};

/*
 * Each takes one more, and the same once more too; a failure where it contradicts an earlier one.
 * `below` are names separated by commas.
 */
int net_links_add(struct net_links *links, const char *word, const char *value, const char *below,
		  unsigned id, struct failure *f);
int net_links_add_name(struct net_links *links, const char *name, const char *mac,
		       struct failure *f);
void net_links_done(struct net_links *links);

/* Does one of them make this interface? */
bool net_links_make(const struct net_links *links, const char *interface);

/* Is it a part of a bond or a bridge? Gives that one's name; NULL: no. */
const char *net_links_master(const struct net_links *links, const char *interface);

/* Is another made of it? */
bool net_links_carry(const struct net_links *links, const char *interface);

/*
 * Returns whether software must make this interface, by its name (bond0, br0, vlan5, eth0.5), but
 * no word does. Then only a .netdev file of the image can.
 */
bool net_links_lack(const struct net_links *links, const char *interface);

/* Fails if an interface is made of itself, or has the name that ifname= gives to a card. */
int net_links_check(const struct net_links *links, struct failure *f);
