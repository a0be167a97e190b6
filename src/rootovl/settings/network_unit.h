/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What networkd's units need besides what systemd-network-generator wrote. Pure. */
#pragma once

#include "src/rootovl/settings/network_words.h"

/*
 * What a root on the network needs of a .network file: `text` as the generator wrote it, NULL for
 * the one of a command line without ip=, in which every wired interface asks by DHCP. Owned by the
 * caller.
 */
char *network_unit_text(const struct network_words *words, const char *text);

/* The lines that the .netdev of this name lacks, or NULL; the words' own. */
const char *network_unit_netdev(const struct network_words *words, const char *name);
