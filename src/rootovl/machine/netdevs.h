/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the network files of the initramfs make: bonds, bridges, VLANs that no word of the line has.
 */
#pragma once

#include <stdbool.h>

/*
 * Reads the names of the interfaces that .netdev files make, into a list of the caller's. Returns
 * false where the image has no systemd-networkd: then another program makes the network.
 */
bool netdevs_read(char ***ret);
