/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The name servers of an initramfs without systemd-resolved, resolv.conf(5). */
#pragma once

#include "src/common/resolv_names.h"

/*
 * Reads what is known of names in the initramfs: its /etc/resolv.conf, if another than us wrote
 * it, else what systemd-networkd has learned, the interface of this number first (0: none comes
 * first). The result is the caller's.
 */
void resolv_conf_read(struct resolv_names *ret, unsigned first);

/*
 * Writes /etc/resolv.conf from what systemd-networkd has learned, unless another wrote a server
 * into it. Call it before each new attempt to resolve a name: networkd may learn servers late.
 */
void resolv_conf_write(void);
