/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sends requests to the kernel by netlink, and reads the answers: a message with attributes
 * (netlink(7); Documentation/userspace-api/netlink/intro.rst in the kernel). libmnl does the same,
 * but Debian has no static libmnl, which the static program of the booted root would need.
 */
#pragma once

#include <linux/netlink.h>
#include <stddef.h>
#include <stdint.h>

/* Holds one message, either under construction or received. */
struct netlink {
	struct nlmsghdr head;
	uint8_t body[2048]; /* the header of its family, then attributes */
};

/*
 * Opens a socket of a netlink protocol, for example NETLINK_ROUTE. Returns a descriptor, or -errno.
 */
int netlink_socket(int protocol);

/*
 * Begins a request of this type. `flags` are added to NLM_F_REQUEST | NLM_F_ACK. `header` has `len`
 * bytes and is the header of the family, for example struct ifaddrmsg or struct genlmsghdr.
 */
void netlink_begin(struct netlink *message, uint16_t type, uint16_t flags, const void *header,
		   size_t len);

/*
 * Adds an attribute. Ends the program if the message is full: that is a bug, because no message
 * comes from outside.
 */
void netlink_put(struct netlink *message, uint16_t type, const void *data, size_t len);

/*
 * Begins a nested attribute, and returns a value for netlink_close(). Attributes that are put
 * before netlink_close() are inside it.
 */
size_t netlink_open(struct netlink *message, uint16_t type);
void netlink_close(struct netlink *message, size_t opened);

/*
 * Sends the message and waits for the acknowledgement of the kernel. *answer, unless NULL, gets the
 * last message before the acknowledgement, or zeros if there is no such message. Returns 0 or
 * -errno; -ETIMEDOUT after 10 s.
 */
int netlink_ask(int socket, const struct netlink *message, struct netlink *answer);

/* Reads one message from the kernel. Returns 0 or -errno; -EPROTO if its length is wrong. */
int netlink_receive(int socket, struct netlink *message);

/*
 * Finds an attribute after a family header of `header` bytes. Returns its value, perhaps unaligned,
 * and sets *ret_len. Returns NULL if there is no such attribute.
 */
const void *netlink_find(const struct netlink *message, size_t header, uint16_t type,
			 size_t *ret_len);

/*
 * Finds an attribute in `len` bytes of attributes, for example in a nested one. Returns its value
 * as netlink_find() does.
 */
const void *netlink_find_in(const void *attributes, size_t len, uint16_t type, size_t *ret_len);
