/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <sys/socket.h>

/* A TCP connection to this address, within `ms`: a socket that does not block, or -errno. */
int connect_within(const struct sockaddr *to, socklen_t to_len, unsigned ms);

/*
 * Returns whether time may heal this errno value of a connection or a lookup: no route yet,
 * connection refused and the like.
 */
bool connect_heals(int code);
