/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses of network interfaces, by rtnetlink(7). */
#pragma once

#include "src/common/failure.h"

#include <netinet/in.h>
#include <stdint.h>

/*
 * Gives an address, "HOST/PREFIX" as text, to the first network interface that is up, and waits for
 * one until `deadline` (clock_ms()). The system that runs later keeps it. An address that is there
 * already is no error.
 */
int address_add(const char *address, uint64_t deadline, struct failure *f);

/*
 * Makes an IPv6 address of an interface permanent, whatever lifetime a router or a lease gave it.
 * Its routes are left as they are. Returns 0 or -errno.
 */
int address_make_permanent(const char *interface, const struct in6_addr *address);

/* The name of the interface that has the address (numeric); the caller's. NULL: none has. */
char *address_interface(const char *address);
