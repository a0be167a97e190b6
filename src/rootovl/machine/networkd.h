/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

/* Asks systemd, for a few seconds at most, whether its systemd-networkd.service has failed. */
bool networkd_failed(void);
