/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walking a tree of the payload, and the new root beside it. */
#pragma once

#include "src/rootovl/payload/payload_copier.h"

/*
 * Copies the object, whose path is in c->path, with all that is below it. `type`: its d_type, maybe
 * DT_UNKNOWN. Returns 0, or -errno with the failure recorded.
 */
int payload_walk(struct copier *c, const struct object *o, unsigned char type);
