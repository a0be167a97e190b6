// SPDX-License-Identifier: GPL-2.0-or-later
#include "events.h"

#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

int events_listen(int protocol, unsigned groups)
{
	struct sockaddr_nl local = { .nl_family = AF_NETLINK, .nl_groups = groups };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&local, sizeof(local)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

void events_wait(int listener, unsigned ms)
{
	struct pollfd ready = { .fd = listener, .events = POLLIN };
	char message[8192];

	if (poll(&ready, 1, (int)ms) > 0)
		while (recv(listener, message, sizeof(message), 0) > 0)
			continue;
}
