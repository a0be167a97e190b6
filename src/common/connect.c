// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/connect.h"

#include "src/common/macro.h"

#include <errno.h>
#include <poll.h>

int connect_within(const struct sockaddr *to, socklen_t to_len, unsigned ms)
{
	auto_close int fd = socket(to->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	struct pollfd ready = { .fd = fd, .events = POLLOUT };
	socklen_t len = sizeof(int);
	int error = 0, r;

	if (fd < 0)
		return -errno;
	if (connect(fd, to, to_len) == 0)
		return steal_fd(&fd);
	if (errno != EINPROGRESS)
		return -errno;
	r = poll(&ready, 1, (int)ms);
	if (r <= 0)
		return r < 0 ? -errno : -ETIMEDOUT;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		return -errno;
	return error ? -error : steal_fd(&fd);
}

bool connect_heals(int code)
{
	switch (code) {
	case EADDRNOTAVAIL:
	case EAGAIN:
	case ECONNABORTED:
	case ECONNREFUSED:
	case ECONNRESET:
	case EHOSTDOWN:
	case EHOSTUNREACH:
	case EINTR:
	case ENETDOWN:
	case ENETUNREACH:
	case ENOTCONN:
	case EPIPE:
	case ETIMEDOUT:
		return true;
	default:
		return false;
	}
}
