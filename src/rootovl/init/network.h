/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The network of the short way: systemd-networkd, started without systemd and udev. */
#pragma once

/*
 * Writes networkd's units from the kernel command line and starts it, with its number in
 * RUN_NETWORKD for who ends it. What fails is on the console: a root on the network will then not
 * be found.
 */
void network_start(void);
