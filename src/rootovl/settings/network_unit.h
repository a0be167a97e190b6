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

/*
 * The text of a bond's or a bridge's .netdev file with what it lacks: the options of bond=, and no
 * MAC of its own. By default networkd makes one of the machine id, which is another one at each
 * boot: see MACAddress= in systemd.netdev(5). NULL for other kinds. Owned by the caller.
 */
char *network_unit_netdev(const struct network_words *words, const char *text);

/*
 * Returns the name of the interface that a .netdev file makes: Name= of its [NetDev]. NULL if it
 * has none. Owned by the caller.
 */
char *network_unit_made(const char *text);

/* The .link file by which udev gives bonds and bridges no MAC either: see MACAddressPolicy= in
 * systemd.link(5). */
const char *network_unit_link(void);
