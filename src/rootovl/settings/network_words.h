/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The network's parameters of the kernel command line (dracut.cmdline(7), "Network"), as
 * systemd-network-generator(8) of systemd 252 to 257 takes them, and what its units lack. Pure text
 * work: `rootovl network` (network_units.c) has the effects.
 */
#pragma once

#include "src/common/cmdline.h"
#include "src/common/failure.h"

#include <stdbool.h>

struct network_words {
	char **words; /* for the generator, "ip=dhcp"; NULL: there are none */
	char **bonds; /* for each bond= with options: "NAME" and the lines of its [Bond], in turn */
	char *bootif; /* BOOTIF=, "52:54:00:12:34:56"; NULL: not given, or switched off */
	char *hostname; /* the fifth field of ip=; NULL: none was given */
	bool ip;	/* is there an ip=? */
};

/*
 * Reads them. What is malformed, and what networkd has not (teams, iBFT), is a failure that names
 * it, for the generator would leave the machine without a network. *ret becomes the caller's also
 * on failure.
 */
int network_words_read(struct network_words *ret, const struct cmdline *cmdline, struct failure *f);
void network_words_done(struct network_words *words);

/*
 * What a root on the network needs of a .network file: `text` as the generator wrote it, NULL for
 * the one of a command line without ip=, in which every wired interface asks by DHCP. Owned by the
 * caller.
 */
char *network_words_unit(const struct network_words *words, const char *text);

/* The lines that the .netdev of this name lacks, or NULL; the words' own. */
const char *network_words_netdev(const struct network_words *words, const char *name);
