/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keeping the root's own network manager from taking away the address that the root hangs on: files
 * in /run, which go along to the root.
 */
#pragma once

#include "src/common/failure.h"

/*
 * Holds the interface `name`, on which we have this address (numeric), and those below it (of a
 * VLAN, a bond, a bridge), also where the root renames them. The networkd of the initramfs is
 * ended; the root's, if it runs one, goes on with the same configuration, and renews the lease;
 * NetworkManager and ifupdown leave the interface alone. An address of IPv6 that would expire when
 * nobody renews it is made to last, as networkd's KeepConfiguration= does with those of IPv4, and
 * the kernel listens to the routers from now on.
 */
int network_hold(const char *name, const char *address, struct failure *f);
