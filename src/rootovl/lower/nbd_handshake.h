/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The client's part of the NBD protocol up to the first request
 * (https://github.com/NetworkBlockDevice/nbd/blob/master/doc/proto.md). The kernel's client takes
 * over from there (nbd_device.h).
 */
#pragma once

#include "src/common/failure.h"

#include <stdint.h>

#define NBD_EXPORT_MAX 4096 /* bytes in an export's name */

/* What a server says of an export, checked. */
struct nbd_export {
	uint64_t size;	/* bytes, more than none, whole blocks */
	unsigned block; /* bytes of the smallest request: a power of two, 512 to 4096 */
};

/*
 * Opens the export `name` (NULL: the server's default) on a connected socket that does not block,
 * until `deadline`, a time of clock_ms(). Asks for no writing. After success the socket is ready
 * for nbd_device_connect(). -ECONNRESET, -ETIMEDOUT and the like are worth another try.
 */
int nbd_handshake(int socket, const char *name, uint64_t deadline, struct nbd_export *ret,
		  struct failure *f);
