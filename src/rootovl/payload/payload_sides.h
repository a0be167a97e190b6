/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The initramfs and the new root, as payload_links.h wants to look at them. */
#pragma once

#include "src/rootovl/payload/payload_copier.h"
#include "src/rootovl/plan/payload_links.h"

/* The sides of a run of the copier, which has to live as long. Reads only. */
struct payload_sides payload_sides(struct copier *c);
