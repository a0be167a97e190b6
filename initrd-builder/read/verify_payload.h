/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules about what the boot makes of the payload: what is copied where, and what starts the
 * job. */
#pragma once

#include "initrd-builder/read/verify_state.h"
#include "src/rootovl/plan/payload_links.h"

/*
 * Puts the payload table that holds for these files into *ret, with sources free of links; those
 * that are not there are left out. The caller releases it.
 */
void verify_payload_rules(struct verify *verify, struct payload_rules *ret);

/*
 * What a rule brings to a path of the new root, links followed as far as the payload has them;
 * NULL: none brings anything.
 */
const struct node *verify_payload_file(const struct verify *verify,
				       const struct payload_rules *rules, const char *path);

/*
 * Tells what the boot will do where the payload meets directories of the root. Adds to the rules as
 * payload_links_expand() does.
 */
void verify_payload(struct verify *verify, struct payload_rules *rules);
