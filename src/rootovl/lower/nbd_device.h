/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Creates block devices of connected sockets with the kernel's NBD client, by generic netlink
 * (include/uapi/linux/nbd-netlink.h). No process has to stay, because the kernel owns the socket.
 */
#pragma once

#include "src/rootovl/lower/nbd_handshake.h"

#define NBD_KEEP_S 1800 /* how long the kernel keeps requests while the server is away */

/*
 * Creates a read-only block device of the socket. Returns the number N of /dev/nbdN, or -errno. The
 * kernel holds its own reference to the socket.
 */
int nbd_device_connect(int socket, const struct nbd_export *export, struct failure *f);

/* Replaces a broken socket of the device. Does nothing if no socket is broken. */
int nbd_device_reconnect(int number, int socket, struct failure *f);

/* Disconnects a device. Requests without an answer fail. */
int nbd_device_disconnect(int number, struct failure *f);

/* Opens a socket that reports when the kernel gives up a connection, for nbd_device_lost(). */
int nbd_device_listen(struct failure *f);

/*
 * Reads one message from the listener. Returns 1 if it is about this device, or if a message was
 * lost.
 */
int nbd_device_lost(int listener, int number);
