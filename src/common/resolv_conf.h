/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The name servers of an initramfs without systemd-resolved, resolv.conf(5). */
#pragma once

/*
 * Writes /etc/resolv.conf from what systemd-networkd has learned, unless that file has a server in
 * it already. Call it before each new attempt to resolve a name: networkd may learn servers late.
 */
void resolv_conf_write(void);
