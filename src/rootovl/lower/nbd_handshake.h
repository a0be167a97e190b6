/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does the client's part of the NBD protocol up to the first request
 * (https://github.com/NetworkBlockDevice/nbd/blob/master/doc/proto.md). The kernel's client then
 * takes over (nbd_device.h).
 */
#pragma once

#include "src/common/failure.h"

#include <stdint.h>

#define NBD_EXPORT_MAX 4096 /* bytes in an export's name */

/* Describes an export. The values come from the server, and are checked. */
struct nbd_export {
	uint64_t size;	/* bytes: positive, and a multiple of `block` */
	unsigned block; /* the smallest request in bytes: a power of two, 512 to 4096 */
};

/*
 * Opens the export `name` (NULL: the server's default) for reading, on a connected non-blocking
 * socket, until `deadline` (clock_ms()). After success the socket is ready for
 * nbd_device_connect(). Returns 0 or -errno. Temporary errors such as -ECONNRESET and -ETIMEDOUT
 * are worth another attempt.
 */
int nbd_handshake(int socket, const char *name, uint64_t deadline, struct nbd_export *ret,
		  struct failure *f);
