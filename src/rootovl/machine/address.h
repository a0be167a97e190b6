/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses of network interfaces, by rtnetlink(7). */
#pragma once

#include "src/common/failure.h"

#include <netinet/in.h>
#include <stdint.h>

/*
 * Adds an address, "HOST/PREFIX" as text, to the first network interface that is up. Waits until
 * `deadline` (clock_ms()) for such an interface. The booted system keeps the address. Succeeds if
 * the interface has the address already. Returns 0 or -errno.
 */
int address_add(const char *address, uint64_t deadline, struct failure *f);

/*
 * Makes an IPv6 address of an interface permanent, whatever lifetime a router or a lease gave it.
 * Does not change the routes of the interface. Returns 0 or -errno.
 */
int address_make_permanent(const char *interface, const struct in6_addr *address);

/*
 * Returns the name of the interface that has the numeric address, owned by the caller; NULL if no
 * interface has it.
 */
char *address_interface(const char *address);
