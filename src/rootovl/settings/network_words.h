/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The network's parameters of the kernel command line (dracut.cmdline(7), "Network"; nfsroot.rst of
 * the kernel; PXELINUX; MAAS), as systemd-network-generator(8) of systemd 252 to 257 takes them,
 * and what its units lack. Pure text work: `rootovl network` (network_units.c) has the effects.
 */
#pragma once

#include "src/common/cmdline.h"
#include "src/common/failure.h"

#include <stdbool.h>

struct network_words {
	char **words;  /* for the generator, "ip=eth0:dhcp"; NULL: there are none */
	char **others; /* for a second run of it, whose unit is of all interfaces that `words` does
			  not name; NULL: there is no second run */
	char **bonds; /* for each bond= with options: "NAME" and the lines of its [Bond], in turn */
	char **primaries; /* interfaces that a bond prefers */
	char **onlink;	  /* gateways that no address of their interface reaches */
	char **direct;	  /* networks on the link: the interface and "10.9.0.0/16" in turn */
	char **elsewhere; /* interfaces that are made, but by no word: "ip" that names it, and
			   * "br0", in turn */
	char *bootif;	  /* BOOTIF=, "52:54:00:12:34:56"; NULL: not given, or switched off */
	char *mtu;	  /* of an ip= without an interface; NULL: not given */
	char *hostname;	  /* of the last ip= that has one; NULL: none has */
	char *server;	  /* the same; an address without brackets */
	char *ntp;	  /* the same */
	bool ip;	  /* is there an ip=? */
	bool address;	  /* does it, or what is done without one, give an interface an address? */
	bool dhcp;	  /* does an interface ask by DHCP, of IPv4? */
};

/*
 * Reads them. What is malformed or contradicts another, and what networkd has not (teams, iBFT,
 * InfiniBand), is a failure that names it, for the generator would leave the machine without a
 * network. *ret becomes the caller's also on failure.
 */
int network_words_read(struct network_words *ret, const struct cmdline *cmdline, struct failure *f);
void network_words_done(struct network_words *words);

/*
 * Fails if an interface of `elsewhere` (pairs as above) is not among `made`, those that the image's
 * files make. The failure names its word.
 */
int network_words_check_made(char *const *elsewhere, char *const *made, struct failure *f);
