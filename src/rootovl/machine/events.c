// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/machine/events.h"

#include "src/common/mem.h"

#include <linux/netlink.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/inotify.h>
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

int events_watch(const char *dir)
{
	const uint32_t mask = IN_CREATE | IN_MOVED_TO | IN_CLOSE_WRITE | IN_ONLYDIR;
	auto_free char *path = xstrdup(dir);
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	/*
	 * Watches from the root downwards. A directory that is created during this time is reported
	 * by the watch of its parent.
	 */
	for (char *slash = strchr(path + 1, '/'); fd >= 0 && slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		inotify_add_watch(fd, path, mask);
		*slash = '/';
	}
	if (fd >= 0)
		inotify_add_watch(fd, path, mask);
	return fd;
}

void events_wait(int listener, unsigned ms)
{
	struct pollfd ready = { .fd = listener, .events = POLLIN };
	char message[8192];

	if (poll(&ready, 1, (int)ms) > 0)
		while (read(listener, message, sizeof(message)) > 0)
			continue;
}
