/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Manages the NBD device of the root: its note in RUN_NBD, which undo_boot() and the booted system
 * read, and the unit that keeps it connected there.
 */
#pragma once

#include "src/rootovl/lower/nbd_handshake.h"

#include <sys/socket.h>

/* The contents of RUN_NBD, in binary: both programs that use it come from the same build. */
struct nbd_root {
	int number; /* N of /dev/nbdN */
	uint64_t size;
	struct sockaddr_storage server;
	socklen_t server_len;
	char name[NBD_EXPORT_MAX + 1];
};

/*
 * Notes the device `number` of the connected socket, and its export (`name` NULL: the server's
 * default). Call it as soon as the device exists, so that nbd_root_drop() finds it after any
 * failure. Returns 0 or -errno.
 */
int nbd_root_note(int number, int socket, const char *name, const struct nbd_export *export);

/* Reads the note. Returns 0 or -errno; -ENOENT if the root is not on NBD. */
int nbd_root_read(struct nbd_root *ret);

/*
 * Writes the static program and a unit to /run. With them the booted system connects the device to
 * its server again. Returns 0 or -errno.
 */
int nbd_root_leave(void);

/* Opens the device for reads that bypass the page cache. Returns the descriptor or -errno. */
int nbd_root_open(void);

/*
 * Disconnects the noted device, and removes the note, the unit and the program. Does nothing
 * without a note. Call it when nothing uses the device any more.
 */
void nbd_root_drop(void);
