/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <sys/socket.h>

/* Opens a TCP connection within `ms` milliseconds. Returns a non-blocking socket, or -errno. */
int connect_within(const struct sockaddr *to, socklen_t to_len, unsigned ms);

/*
 * Returns whether a later attempt may succeed after this errno value of a connection or a lookup,
 * for example no route yet, or connection refused.
 */
bool connect_heals(int code);
