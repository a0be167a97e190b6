/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Adds and removes a route to one address, for a machine with several interfaces where the kernel
 * would choose the wrong one.
 */
#pragma once

#include <sys/socket.h>

/*
 * Returns the index of the interface by which the kernel reaches an address; 0 if there is no
 * route.
 */
unsigned route_interface(const struct sockaddr *to);

/*
 * Adds a route to this one address through an interface, and through the gateway that the routes of
 * the interface name. Replaces such a route if it exists. Returns 0 or -errno; -ENETUNREACH or
 * -EHOSTUNREACH if no route of the interface reaches the address.
 */
int route_pin(const struct sockaddr *to, unsigned interface);

/* Removes the route that route_pin() added. Returns 0 or -errno. */
int route_unpin(const struct sockaddr *to, unsigned interface);
