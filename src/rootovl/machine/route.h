/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Routes to one address, where the kernel's choice among several ways out is the wrong one. */
#pragma once

#include <sys/socket.h>

/* Returns the number of the interface by which the kernel reaches an address; 0: there is no route.
 */
unsigned route_interface(const struct sockaddr *to);

/* Adds a route to this address alone, by an interface and the gateway that the routes of this
 * interface name. It replaces another such route. Returns 0 or -errno; -ENETUNREACH or
 * -EHOSTUNREACH if no route of the interface leads there.
 */
int route_pin(const struct sockaddr *to, unsigned interface);

/* Removes such a route. Returns 0 or -errno. */
int route_unpin(const struct sockaddr *to, unsigned interface);
