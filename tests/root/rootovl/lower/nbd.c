// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The handshake with a real NBD server:
 *
 *   nbd PORT SECONDS [EXPORT]
 *
 * Asks the server on 127.0.0.1 for an export, within so many seconds; prints its size and block
 * size, or "failed: CODE: TEXT".
 */
#include "src/rootovl/lower/nbd_handshake.h"

#include "src/common/clock.h"
#include "src/common/connect.h"
#include "src/common/log.h"
#include "src/common/mem.h"

#include <inttypes.h>
#include <netinet/in.h>
#include <string.h>

int main(int argc, char **argv)
{
	const struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons((uint16_t)strtoul(argc > 1 ? argv[1] : "0", NULL, 10)),
	};
	unsigned ms = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) * 1000 : 0;
	auto_close int fd = connect_within((const struct sockaddr *)&to, sizeof(to), ms);
	auto_failure struct failure f = { 0 };
	struct nbd_export export;

	if (argc < 3)
		return fputs("usage: nbd PORT SECONDS [EXPORT]\n", stderr), 2;
	if (fd < 0)
		return fprintf(stderr, "no connection: %s\n", strerror(-fd)), 2;
	if (nbd_handshake(fd, argv[3], clock_ms() + ms, &export, &f) < 0) {
		auto_free char *text = log_failure_text(&f);

		printf("failed: %s: %s\n", strerrorname_np(f.code), text);
		return 1;
	}
	printf("%" PRIu64 " bytes in blocks of %u\n", export.size, export.block);
	return 0;
}
