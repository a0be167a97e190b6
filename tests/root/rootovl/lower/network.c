// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The search for a server:
 *
 *   network HOST PORT MS
 *
 * Connects to it, MS for each try, and prints our address, or "failed: CODE: TEXT".
 */
#include "src/rootovl/lower/network.h"

#include "src/common/log.h"
#include "src/common/mem.h"

#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
	auto_failure struct failure f = { 0 };
	struct network_peer peer;

	if (argc != 4)
		return fputs("usage: network HOST PORT MS\n", stderr), 2;
	if (network_find(argv[1], (unsigned)strtoul(argv[2], NULL, 10),
			 (unsigned)strtoul(argv[3], NULL, 10), &peer, &f) < 0) {
		auto_free char *text = log_failure_text(&f);

		printf("failed: %s: %s\n", strerrorname_np(f.code), text);
		return 1;
	}
	printf("by %s\n", peer.local);
	return 0;
}
