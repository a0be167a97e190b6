/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMON_CONNECT_H
#define COMMON_CONNECT_H

#include <sys/socket.h>

/* A TCP connection to this address, within `ms`: a socket that does not block, or -errno. */
int connect_within(const struct sockaddr *to, socklen_t to_len, unsigned ms);

#endif
