/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The options of bond=, by the names and the numbers of the kernel's bonding.rst, as lines of
 * networkd, which knows names only. Pure.
 */
#pragma once

#include "src/common/failure.h"

struct net_bond {
	char **lines;  /* of the [Bond] section of its .netdev; NULL: none */
	char *primary; /* the interface of primary=, or NULL */
};

/*
 * Reads "mode=4,miimon=100". A failure names the option that is unknown or has a bad value, or that
 * the kernel would not take beside another. *ret is the caller's, also on failure.
 */
int net_bond_parse(struct net_bond *ret, const char *options, struct failure *f);
void net_bond_done(struct net_bond *bond);
