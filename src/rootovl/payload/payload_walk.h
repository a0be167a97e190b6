/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies a tree of the payload to the new root. */
#pragma once

#include "src/rootovl/payload/payload_copier.h"

/*
 * Copies the object at c->path, and everything below it. `type` is its d_type, perhaps DT_UNKNOWN.
 * Returns 0, or -errno with the failure recorded.
 */
int payload_walk(struct copier *c, const struct object *o, unsigned char type);
