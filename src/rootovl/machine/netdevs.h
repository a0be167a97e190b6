/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the bonds, bridges and VLANs that network files of the initramfs create, and that the
 * kernel command line does not name.
 */
#pragma once

#include <stdbool.h>

/*
 * Reads the names of the interfaces that .netdev files create, into a list that the caller owns.
 * Returns false if the image has no systemd-networkd: another program then sets up the network.
 */
bool netdevs_read(char ***ret);
