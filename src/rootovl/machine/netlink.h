/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A question to the kernel by netlink: a message with attributes, and its answer (netlink(7);
 * Documentation/userspace-api/netlink/intro.rst in the kernel). libmnl does the same, but Debian
 * has no static library of it, which the program of the booted root needs.
 */
#pragma once

#include <linux/netlink.h>
#include <stddef.h>
#include <stdint.h>

/* A message: one that is being made, or one that was received. */
struct netlink {
	struct nlmsghdr head;
	uint8_t body[2048]; /* the header of its family, then attributes */
};

/* Opens a socket of a protocol, NETLINK_ROUTE for example. Returns a descriptor, or -errno. */
int netlink_socket(int protocol);

/*
 * Begins a request of this type. `flags` are added to NLM_F_REQUEST | NLM_F_ACK. `header` is the
 * family's own, of `len` bytes: struct ifaddrmsg, struct genlmsghdr.
 */
void netlink_begin(struct netlink *message, uint16_t type, uint16_t flags, const void *header,
		   size_t len);

/* Adds an attribute. Ends the program if the message is full, for all messages are its own. */
void netlink_put(struct netlink *message, uint16_t type, const void *data, size_t len);

/* Opens an attribute: those that are put before netlink_close() gets the value lie inside it. */
size_t netlink_open(struct netlink *message, uint16_t type);
void netlink_close(struct netlink *message, size_t opened);

/*
 * Sends the message and waits until the kernel has done what it asks. `answer`, which may be NULL,
 * gets the last message before the acknowledgement, or zeros if there is none. Returns 0 or -errno;
 * -ETIMEDOUT after 10 s.
 */
int netlink_ask(int socket, const struct netlink *message, struct netlink *answer);

/* Reads one message of the kernel's. Returns 0 or -errno; -EPROTO if its length is wrong. */
int netlink_receive(int socket, struct netlink *message);

/*
 * Finds an attribute behind a family's header of `header` bytes. Returns its value and sets
 * *ret_len, or returns NULL. The value may be unaligned.
 */
const void *netlink_find(const struct netlink *message, size_t header, uint16_t type,
			 size_t *ret_len);

/* Finds an attribute among `len` bytes of attributes: those inside another one. */
const void *netlink_find_in(const void *attributes, size_t len, uint16_t type, size_t *ret_len);
