/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prevents the root's network manager from removing the address that the root's server is reached
 * by. It writes files in /run, which the root keeps.
 */
#pragma once

#include "src/common/failure.h"

/*
 * Protects the interface `name`, which has this numeric address, and the interfaces below a VLAN,
 * bond or bridge. This holds even if the root renames them. The networkd of the initramfs is
 * stopped. The root's networkd, if it runs, continues with the same configuration and renews the
 * lease. NetworkManager and ifupdown do not touch the interface. An IPv6 address gets an unlimited
 * lifetime if no process would renew it. KeepConfiguration= of networkd does so only for IPv4. The
 * kernel processes router advertisements from then on.
 */
int network_hold(const char *name, const char *address, struct failure *f);
