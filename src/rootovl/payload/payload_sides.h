/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows the initramfs and the new root to payload_links.h. */
#pragma once

#include "src/rootovl/payload/payload_copier.h"
#include "src/rootovl/plan/payload_links.h"

/*
 * Returns the two sides of a run of the copier, for reading. `c` must exist as long as they are
 * used.
 */
struct payload_sides payload_sides(struct copier *c);
