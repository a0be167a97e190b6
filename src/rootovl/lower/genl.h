/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Generic netlink, as much as the kernel's NBD client needs of it (netlink.h has the rest). */
#pragma once

#include "src/rootovl/machine/netlink.h"

/*
 * Opens a socket and finds a family by its name. Returns the descriptor, or -errno; -ENOENT if the
 * kernel does not have the family. *ret_family gets its number.
 */
int genl_open_family(const char *name, uint16_t *ret_family);

/* The same for listening to the family's multicast group `group`. Returns a descriptor or -errno.
 */
int genl_listen(const char *name, const char *group);

/* Begins a message to a family. */
void genl_begin(struct netlink *message, uint16_t family, uint8_t command, uint8_t version);

/* Returns the command of a message that was received; -1 if it is too short. */
int genl_command(const struct netlink *message);

/* Copies the value of an attribute of exactly `len` bytes. Returns 0, or -ENOENT. */
int genl_get(const struct netlink *message, uint16_t type, void *ret, size_t len);
