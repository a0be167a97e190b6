/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Block devices over the network: the client's part of the NBD protocol up to the first request
 * (https://github.com/NetworkBlockDevice/nbd/blob/master/doc/proto.md), and the kernel's client,
 * which takes over from there (include/uapi/linux/nbd-netlink.h). No process has to stay: the
 * kernel owns the socket. `rootovl nbd-keep` stays nevertheless, to bring a new one when the server
 * was away.
 */
#ifndef ROOTOVL_NBD_H
#define ROOTOVL_NBD_H

#include "src/common/clock.h"
#include "src/common/command.h"
#include "src/common/failure.h"

#include <stdint.h>

#define NBD_EXPORT_MAX 4096 /* bytes in an export's name */
#define NBD_KEEP_S     1800 /* how long the kernel keeps requests for a server that is away */

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

/*
 * Makes a read-only block device of the socket; gives its number N, of /dev/nbdN. The kernel has a
 * reference of its own to the socket.
 */
int nbd_device_connect(int socket, const struct nbd_export *export, struct failure *f);

/* Gives the device another socket in place of the one that broke; if none did, nothing happens. */
int nbd_device_reconnect(int number, int socket, struct failure *f);

/* Ends the connection of a device; what was not answered fails. */
int nbd_device_disconnect(int number, struct failure *f);

/* A socket that hears when the kernel gives a connection up, for nbd_device_lost(). */
int nbd_device_listen(struct failure *f);

/* Reads one message of it: is it about this device? A message that got lost counts as one. */
int nbd_device_lost(int listener, int number);

/*
 * Leaves what the booted system needs to bring the device back to its server: what there is to
 * know, the static program and a unit, all below /run. Gives 0 or -errno.
 */
int nbd_keep_leave(int number, int socket, const char *name, const struct nbd_export *export);
/* In the booted system: the device, for reading past the cache, or -errno where the root has none.
 */
int nbd_keep_open(void);
/* Takes the unit away again. */
void nbd_keep_drop(void);

/* `rootovl nbd-keep`, of that unit: hears when the connection breaks, and connects again. */
extern const struct command command_nbd_keep;

#endif
