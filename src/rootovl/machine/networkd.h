/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

/*
 * Returns whether systemd-networkd has failed, or has ended if systemd does not run. Waits at most
 * five seconds for the answer of systemd.
 */
bool networkd_failed(void);
