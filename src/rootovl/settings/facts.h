/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is known about the machine. It is read once before planning (facts_read.h), so that the
 * planner is a function of two structs and a test can make up any machine. Pure.
 */
#pragma once

#include "src/rootovl/settings/dhcp_lease.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct facts {
	char *kernel;	 /* uname -r */
	uint64_t memory; /* bytes of memory that the kernel has (MemTotal of proc(5)) */
	struct facts_table {
		char *name; /* "payload.conf", for errors */
		char *text;
	} * tables; /* payload tables, in the order in which they count */
	size_t n_tables;
	struct facts_table *defer; /* tables of units, the same; none without rootovl.defer= */
	size_t n_defer;
	char *credentials; /* text of the credentials file; NULL: none was asked for, or not read */
	struct dhcp_lease lease; /* root=dhcp: the one that names the root; empty: not looked for */
	bool knows_netdevs;	 /* were the image's network files read? */
	char **netdevs;		 /* the interfaces that its .netdev files make */
};

/* Releases what *facts owns, wipes the credentials, and makes it empty. */
void facts_done(struct facts *facts);
