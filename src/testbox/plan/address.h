/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses of IPv4 and IPv6 in one form, and which of them lead to this host or its cloud. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct sockaddr;

/* An IPv4 address is ::ffff:a.b.c.d here. */
struct address {
	uint8_t bytes[16];
};

#define ADDRESS_BITS	128
#define ADDRESS_V4_BITS 96 /* in front of the bits of an IPv4 address */

/* Kinds as bits, so that several make a set. Other addresses are of no kind: 0. */
enum address_kind {
	ADDRESS_LOOPBACK = 1, /* this host: 127.0.0.0/8, 0.0.0.0/8, ::1, :: */
	ADDRESS_LINK = 2,     /* link-local, where clouds have their metadata */
};

/* Reads an address without a port and brackets. Returns 0 or -EINVAL. */
int address_read(const char *text, struct address *ret);

/* Returns the four bytes of IPv4 as an address. */
struct address address_v4(const uint8_t bytes[4]);

/* Reads the address of a socket. Returns -EAFNOSUPPORT for one that is neither IPv4 nor IPv6. */
int address_of_socket(const struct sockaddr *from, struct address *ret);

bool address_is_v4(const struct address *address);

/* Returns the kind of the address, or of the IPv4 address in it (NAT64, 6to4); 0: none of them. */
unsigned address_kind(const struct address *address);

/* Do both begin with the same `prefix` bits? */
bool address_matches(const struct address *a, const struct address *b, unsigned prefix);

/* Returns the text, without brackets. The caller owns it. */
char *address_text(const struct address *address);
