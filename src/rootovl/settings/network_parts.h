/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts that network parameters are made of: is this text one? What systemd-network-generator
 * or networkd would refuse is none. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define NET_MTU_MIN 68 /* IPv4's, RFC 791 */
#define NET_MTU_MAX 65535

struct net_address {
	int family; /* AF_INET, AF_INET6; 0: there is none */
	unsigned char bytes[16];
};

/* Splits at ':' outside brackets; empty parts are kept. Never NULL; the caller's. */
char **net_split(const char *value);

bool net_is_interface(const char *text); /* a name that the kernel and systemd take */
bool net_is_mac(const char *text);	 /* six bytes with colons, a single card's */
bool net_is_hostname(const char *text);	 /* of letters, digits, dashes and dots, or empty */

/* Digits without leading zeros, which systemd reads as octal; from `min` to `max`. */
bool net_is_number(const char *text, unsigned long min, unsigned long max);

/* Reads "10.0.0.5", "fd00::5" or "[fd00::5]"; false for what is none. */
bool net_address_parse(struct net_address *ret, const char *text);

/* Reads "", "0.0.0.0" and "[::]" as none; the rest must be an address that a machine can have. */
bool net_address_parse_machine(struct net_address *ret, const char *text);

/* As inet_ntop(3) writes it, without brackets; "" for none. Owned by the caller. */
char *net_address_text(const struct net_address *address);

bool net_address_is(const struct net_address *one, const struct net_address *other);

/* Do the first `prefix` bits agree? */
bool net_address_is_within(const struct net_address *address, const struct net_address *network,
			   unsigned prefix);

/* An IPv6 address of the link itself, fe80::/10 */
bool net_address_is_link_local(const struct net_address *address);

/*
 * Reads the mask of this address: a length, or "255.255.255.0". Empty or 0.0.0.0 it is the one of
 * the address's class, as in nfsroot.rst of the kernel. False for what is none, and for an empty
 * one of IPv6.
 */
bool net_mask_parse(unsigned *ret, const char *text, const struct net_address *address);

/*
 * Reads ADDRESS/LENGTH, [ADDRESS/LENGTH] or [ADDRESS]/LENGTH. Gives NULL for what is none, else the
 * text in the generator's form, owned by the caller; *ret is the address.
 */
char *net_prefix_parse(struct net_address *ret, const char *text);
