/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copying one object of the payload that is not a directory. */
#pragma once

#include "src/rootovl/payload/payload_copier.h"

/*
 * Copies the object of this d_type, whose path is in c->path, and unlinks it if it moves. Returns
 * 0, or -errno with the failure recorded.
 */
int payload_object_copy(struct copier *c, const struct object *o, unsigned char type);
