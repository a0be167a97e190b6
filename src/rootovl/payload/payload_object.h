/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies one object of the payload that is not a directory. */
#pragma once

#include "src/rootovl/payload/payload_copier.h"

/*
 * Copies the object of this d_type, whose path is in c->path, and unlinks it if it moves. Returns
 * 0, or -errno with the failure recorded.
 */
int payload_object_copy(struct copier *c, const struct object *o, unsigned char type);

/*
 * Skips the link at c->path, because the root has a directory there. The link was followed, or it
 * leads to no directory of the payload. In the second case c->stats gets a warning.
 */
int payload_object_leave_link(struct copier *c, const struct object *o);
