/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A DHCP lease as text, in the form of systemd-networkd: lines NAME=VALUE. systemd 252 and 257
 * write ROOT_PATH=, NEXT_SERVER=, SERVER_ADDRESS= and HOSTNAME= (dhcp_lease_save() in
 * libsystemd-network). Nothing in it is trusted: it is text until root_dhcp_parse() and
 * host_name_choose() have checked it. Pure.
 */
#pragma once

struct dhcp_lease {
	char *root_path; /* option 17 of RFC 2132; NULL: none was given */
	char *server; /* the next server ("siaddr"), else the DHCP server itself; NULL: unknown */
	char *host_name; /* option 12; NULL: none was given */
};

/* Reads the text of a lease file. What *lease held is released and replaced. */
void dhcp_lease_parse(struct dhcp_lease *lease, const char *text);
void dhcp_lease_done(struct dhcp_lease *lease);
