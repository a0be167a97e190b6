/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a network says besides an address: the machine's name, name servers, search domains, time
 * servers. The root gets what it does not say itself.
 */
#pragma once

#include "src/common/resolv_names.h"
#include "src/rootovl/newroot/newroot.h"
#include "src/rootovl/report/report.h"

/*
 * Gives the root the name, in the kernel and in /etc/hostname, by the words of the kernel line and
 * of the lease, each NULL where there is none. What is chosen is in the report.
 */
int network_names_host(struct newroot *nr, const char *asked, const char *line, const char *lease,
		       struct report *report, struct failure *f);

/*
 * Tells the root of name servers and time servers: by /etc/resolv.conf, or by files in /run that
 * go along. `held`: is the interface kept from the root's network managers? Then NetworkManager
 * knows no servers, and must not write that down.
 */
int network_names_servers(struct newroot *nr, const struct resolv_names *names, bool held,
			  struct report *report, struct failure *f);
