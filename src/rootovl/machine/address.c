// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/machine/address.h"

#include "src/common/clock.h"
#include "src/common/mem.h"
#include "src/rootovl/machine/events.h"
#include "src/rootovl/machine/netlink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#define RETRY_MS 250

/* Returns the lowest index of the interfaces that are up, without loopback; 0 if there is none. */
static unsigned first_up(void)
{
	struct ifaddrs *all = NULL;
	unsigned found = 0;

	if (getifaddrs(&all) < 0)
		return 0;
	for (const struct ifaddrs *one = all; one; one = one->ifa_next) {
		unsigned number = if_nametoindex(one->ifa_name);

		if ((one->ifa_flags & IFF_UP) && !(one->ifa_flags & IFF_LOOPBACK) && number &&
		    (!found || number < found))
			found = number;
	}
	freeifaddrs(all);
	return found;
}

/*
 * Waits until an interface is up, and returns its index; 0 after `deadline` (clock_ms()). networkd
 * configures the interfaces while the root is assembled.
 */
static unsigned wait_for_up(uint64_t deadline)
{
	auto_close int events = events_listen(NETLINK_ROUTE, RTMGRP_LINK);
	unsigned number = first_up();

	while (!number && clock_ms() < deadline) {
		events_wait(events, RETRY_MS);
		number = first_up();
	}
	return number;
}

/* Sends a request, and waits for the kernel's answer. Returns 0 or -errno. */
static int ask(const struct netlink *request)
{
	auto_close int fd = netlink_socket(NETLINK_ROUTE);

	return fd < 0 ? fd : netlink_ask(fd, request, NULL);
}

int address_add(const char *address, uint64_t deadline, struct failure *f)
{
	const char *slash = strchr(address, '/');
	auto_free char *host = xstrndup(address, slash ? (size_t)(slash - address) : 0);
	unsigned char bytes[16];
	bool v4 = inet_pton(AF_INET, host, bytes) == 1;
	struct ifaddrmsg header = {
		.ifa_family = v4 ? AF_INET : AF_INET6,
		.ifa_flags = IFA_F_PERMANENT,
	};
	struct netlink request;
	uint64_t start;
	int r;

	if (!slash || (!v4 && inet_pton(AF_INET6, host, bytes) != 1))
		return fail_errno(f, EINVAL, NULL, "ip=%s", address);
	start = clock_ms();
	header.ifa_index = wait_for_up(deadline);
	if (!header.ifa_index)
		return fail(f, ENETDOWN, "ip=dhcp on the kernel line brings one up",
			    "ip=%s: no network interface is up, for %u s", address,
			    (unsigned)((clock_ms() - start) / 1000));
	header.ifa_prefixlen = (unsigned char)strtoul(slash + 1, NULL, 10);
	netlink_begin(&request, RTM_NEWADDR, NLM_F_CREATE, &header, sizeof(header));
	netlink_put(&request, IFA_LOCAL, bytes, v4 ? 4 : 16);
	netlink_put(&request, IFA_ADDRESS, bytes, v4 ? 4 : 16);
	r = ask(&request);
	return r < 0 && r != -EEXIST ? fail_errno(f, -r, NULL, "ip=%s", address) : 0;
}

int address_make_permanent(const char *interface, const struct in6_addr *address)
{
	const struct ifaddrmsg header = {
		.ifa_family = AF_INET6,
		.ifa_prefixlen = 128,
		.ifa_index = if_nametoindex(interface),
	};
	const struct ifa_cacheinfo forever = { .ifa_prefered = UINT32_MAX,
					       .ifa_valid = UINT32_MAX };
	const uint32_t flags = IFA_F_NOPREFIXROUTE;
	struct netlink request;

	netlink_begin(&request, RTM_NEWADDR, NLM_F_REPLACE, &header, sizeof(header));
	netlink_put(&request, IFA_ADDRESS, address, sizeof(*address));
	netlink_put(&request, IFA_CACHEINFO, &forever, sizeof(forever));
	netlink_put(&request, IFA_FLAGS, &flags, sizeof(flags));
	return ask(&request);
}

char *address_interface(const char *address)
{
	size_t len = strcspn(address, "%");
	char host[NI_MAXHOST];
	char *name = NULL;
	struct ifaddrs *list;

	if (getifaddrs(&list) < 0)
		return NULL;
	for (struct ifaddrs *one = list; one && !name; one = one->ifa_next) {
		socklen_t size = one->ifa_addr && one->ifa_addr->sa_family == AF_INET6
					 ? sizeof(struct sockaddr_in6)
					 : sizeof(struct sockaddr_in);

		if (!one->ifa_addr ||
		    (one->ifa_addr->sa_family != AF_INET && one->ifa_addr->sa_family != AF_INET6) ||
		    getnameinfo(one->ifa_addr, size, host, sizeof(host), NULL, 0, NI_NUMERICHOST))
			continue;
		if (strcspn(host, "%") == len && !strncmp(host, address, len))
			name = xstrdup(one->ifa_name);
	}
	freeifaddrs(list);
	return name;
}
