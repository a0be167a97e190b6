/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which sources of the payload are moved, and which are copied. Pure. */
#pragma once

#include "src/rootovl/plan/payload_rules.h"

/*
 * Decides for each rule whether its source is moved or copied, and what of it is kept: a file that
 * a later rule covers stays until that rule was carried out, and what the initramfs itself needs
 * until switch_root (its own /usr/lib, /etc, …) is never moved. Call it once, after all rules are
 * there.
 */
void payload_settle(struct payload_rules *rules);
