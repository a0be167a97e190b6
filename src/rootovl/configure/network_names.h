/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Applies what a network announces besides an address: host name, name servers, search domains and
 * time servers. The root's own configuration takes precedence.
 */
#pragma once

#include "src/common/resolv_names.h"
#include "src/rootovl/newroot/newroot.h"
#include "src/rootovl/report/report.h"

/*
 * Sets the host name in the kernel and in the root's /etc/hostname. The candidates are the command
 * line and the lease; each may be NULL. Records the choice in the report.
 */
int network_names_host(struct newroot *nr, const char *asked, const char *line, const char *lease,
		       struct report *report, struct failure *f);

/*
 * Passes name servers and time servers to the root, by /etc/resolv.conf or by files in /run. `held`
 * is true if network_hold.c protects the interface. Then NetworkManager knows no servers, and must
 * not write /etc/resolv.conf.
 */
int network_names_servers(struct newroot *nr, const struct resolv_names *names, bool held,
			  struct report *report, struct failure *f);
