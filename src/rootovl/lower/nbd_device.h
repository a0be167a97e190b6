/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's NBD client: block devices of sockets, by generic netlink
 * (include/uapi/linux/nbd-netlink.h). No process has to stay, for the kernel owns the socket.
 */
#pragma once

#include "src/rootovl/lower/nbd_handshake.h"

#define NBD_KEEP_S 1800 /* how long the kernel keeps requests for a server that is away */

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
