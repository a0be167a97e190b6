/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads the name servers and search domains that a network announces, and writes resolv.conf(5).
 * The servers that send them are not trusted. An entry that is not an address or a name is left
 * out. So are entries beyond the limits of the C library. Pure.
 */
#pragma once

/* How a file that rootovl made of such names begins, and its whole first line. */
#define RESOLV_OURS "# made by rootovl"
#define RESOLV_HEAD RESOLV_OURS ", of what the network told\n"

#include <stdbool.h>
#include <stddef.h>

struct resolv_names {
	char **servers; /* numeric; one of a link has its interface's number, "fe80::1%2" */
	char **search;	/* domains to be tried behind a short name */
	char **ntp;	/* time servers, addresses or names */
};

/* Is it a host name, or a domain: letters, digits, "-" and "_", in labels of 1 to 63 bytes? */
bool resolv_name_is_valid(const char *name);

/*
 * Adds what a state file of systemd-networkd says, /run/systemd/netif/links/INDEX. What is there
 * already comes first.
 */
void resolv_names_take_link(struct resolv_names *names, const char *text, unsigned index);

/* Adds the servers and domains of a resolv.conf(5). */
void resolv_names_take_conf(struct resolv_names *names, const char *text);

/* Returns the text of a resolv.conf(5), which the caller frees, or NULL without a server. */
char *resolv_names_conf(const struct resolv_names *names);

void resolv_names_done(struct resolv_names *names);
