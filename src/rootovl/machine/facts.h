/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is known about the machine, looked at once before planning, so that the planner is a
 * function of two structs and a test can make up any machine.
 */
#ifndef ROOTOVL_FACTS_H
#define ROOTOVL_FACTS_H

#include "src/rootovl/machine/dhcp_lease.h"
#include "src/rootovl/settings/settings.h"

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
	char *credentials; /* text of the credentials file; NULL: none was asked for, or not read */
	struct dhcp_lease lease; /* root=dhcp: the one that names the root; empty: not looked for */
};

/*
 * Looks at this machine. `look_only`: for `rootovl plan` on any machine, where a credentials file
 * that is not there is no failure, and nothing is waited for. With root=dhcp it else waits for a
 * lease that names a root. *facts becomes the caller's also on failure.
 */
int facts_read(struct facts *facts, const struct settings *settings, bool look_only,
	       struct failure *f);
void facts_done(struct facts *facts);

#endif
