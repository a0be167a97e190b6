// SPDX-License-Identifier: GPL-2.0-or-later
/* Whatever an NBD server says: an export whose size makes sense, or a failure. */
#include "src/rootovl/lower/nbd_handshake.h"
#include "src/common/clock.h"
#include "src/common/mem.h"
#include "tests/fuzz/fuzz.h"

#include <sys/socket.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_failure struct failure f = { 0 };
	struct nbd_export export = { 0 };
	int ends[2];

	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0);
	/* All that the server will ever say, and its end. */
	if (size && send(ends[0], data, size, 0) != (ssize_t)size)
		goto out;
	shutdown(ends[0], SHUT_WR);
	if (nbd_handshake(ends[1], "os", clock_ms() + 1000, &export, &f) < 0) {
		if (!f.code || !f.what)
			abort();
	} else if (export.size == 0 || export.size > INT64_MAX || export.block < 512 ||
		   export.block > 4096 || export.size % export.block) {
		abort();
	}
out:
	close(ends[0]);
	close(ends[1]);
	return 0;
}
