/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/*
 * Makes a tap on a bridge of this host, up, with the bridge's MTU. It goes with the last of its
 * descriptors. Needs CAP_NET_ADMIN. Gives a descriptor or -errno.
 */
int tap_open(const char *bridge);
