/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The NBD device of the root: the note of it in RUN_NBD, which the undo and the booted system read,
 * and the unit that keeps it connected there.
 */
#pragma once

#include "src/rootovl/lower/nbd_handshake.h"

#include <sys/socket.h>

/* What RUN_NBD holds: one program of this build tells the other by it. */
struct nbd_root {
	int number; /* of /dev/nbdN */
	uint64_t size;
	struct sockaddr_storage server;
	socklen_t server_len;
	char name[NBD_EXPORT_MAX + 1];
};

/*
 * Notes the device `number` of the connected socket, and its export (`name` NULL: the server's
 * default). Called as soon as the device is there, so that nbd_root_drop() finds it whatever
 * happens. Returns 0 or -errno.
 */
int nbd_root_note(int number, int socket, const char *name, const struct nbd_export *export);

/* Reads the note. Returns 0 or -errno; -ENOENT: the root is on no NBD. */
int nbd_root_read(struct nbd_root *ret);

/*
 * Leaves what the booted system needs to bring the device back to its server, the static program
 * and a unit, below /run. Returns 0 or -errno.
 */
int nbd_root_leave(void);

/* Opens the device for reading past the cache. Returns the descriptor or -errno. */
int nbd_root_open(void);

/*
 * Disconnects the device that was noted, and removes the note, the unit and the program. Does
 * nothing where there is no note. Nothing may use the device any more.
 */
void nbd_root_drop(void);
