// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/lower/network.h"

#include "src/common/connect.h"
#include "src/common/log.h"
#include "src/common/resolv_conf.h"
#include "src/rootovl/machine/events.h"
#include "src/rootovl/machine/leases.h"
#include "src/rootovl/machine/route.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

static int resolve(const char *host, unsigned port, struct addrinfo **ret, struct failure *f)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST };
	char service[16];
	int r;

	snprintf(service, sizeof(service), "%u", port);
	r = getaddrinfo(host, service, &hints, ret);
	if (r == EAI_NONAME) {
		resolv_conf_write();
		hints.ai_flags = AI_ADDRCONFIG;
		r = getaddrinfo(host, service, &hints, ret);
	}
	if (r == 0)
		return 0;
	return fail(f, r == EAI_AGAIN || r == EAI_SYSTEM ? EAGAIN : ENXIO,
		    "check the name, and the name servers: ip=dhcp or nameserver=", "host %s: %s",
		    host, gai_strerror(r));
}

static bool is_link_local(const struct sockaddr *address)
{
	return address->sa_family == AF_INET6 &&
	       IN6_IS_ADDR_LINKLOCAL(&((const struct sockaddr_in6 *)address)->sin6_addr);
}

static int tell_addresses(int fd, const struct addrinfo *to, struct network_peer *ret)
{
	struct sockaddr_storage local;
	socklen_t len = sizeof(local);

	if (getsockname(fd, (struct sockaddr *)&local, &len) < 0)
		return -errno;
	/*
	 * The link-local address is not enough: a router has announced the network, and the global
	 * address follows soon.
	 */
	if (is_link_local((struct sockaddr *)&local) && !is_link_local(to->ai_addr))
		return -EADDRNOTAVAIL;
	if (getnameinfo((struct sockaddr *)&local, len, ret->local, sizeof(ret->local), NULL, 0,
			NI_NUMERICHOST) ||
	    getnameinfo(to->ai_addr, to->ai_addrlen, ret->address, sizeof(ret->address), NULL, 0,
			NI_NUMERICHOST))
		return -EINVAL;
	return 0;
}

/* Connects to the address. Returns the socket, or -errno. */
static int connect_to(const struct addrinfo *to, unsigned ms, struct network_peer *ret)
{
	auto_close int fd = connect_within(to->ai_addr, to->ai_addrlen, ms);
	int r = fd < 0 ? fd : tell_addresses(fd, to, ret);

	return r < 0 ? r : steal_fd(&fd);
}

/* Returns whether a connection fails so if its gateway does not forward. */
static bool leads_nowhere(int code)
{
	return code == -ETIMEDOUT || code == -EHOSTUNREACH || code == -ENETUNREACH;
}

/*
 * Tries the other interfaces that have a route to the address, one after the other. Of two
 * gateways, one may answer ARP and forward nothing, for example that of a management network.
 * Leaves the route that works. Returns the socket, or -errno.
 */
static int connect_by_others(const struct addrinfo *to, unsigned ms, struct network_peer *ret)
{
	unsigned first = route_interface(to->ai_addr);
	struct if_nameindex *all = first && !is_link_local(to->ai_addr) ? if_nameindex() : NULL;
	int r = -ETIMEDOUT;

	for (struct if_nameindex *one = all; one && one->if_index && r < 0; one++) {
		if (one->if_index == first || route_pin(to->ai_addr, one->if_index) < 0)
			continue;
		r = connect_to(to, ms, ret);
		if (r < 0)
			route_unpin(to->ai_addr, one->if_index);
		else
			log_console(LOG_NOTICE,
				    "%s does not answer by the first route to it: %s is taken",
				    ret->address, one->if_name);
	}
	if (all)
		if_freenameindex(all);
	return r;
}

/*
 * Finds the route and the local address for a peer, and sends nothing: a connected UDP socket has
 * both (udp(7)).
 */
static int route_to(const struct addrinfo *to, struct network_peer *ret)
{
	auto_close int fd = socket(to->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, to->ai_addr, to->ai_addrlen) < 0)
		return -errno;
	return tell_addresses(fd, to, ret);
}

static int route_to_any(const char *host, struct network_peer *ret, struct failure *f)
{
	struct addrinfo *list;
	int r = resolve(host, 9, &list, f);

	if (r < 0)
		return r;
	r = -ENXIO;
	for (struct addrinfo *to = list; to && r < 0; to = to->ai_next)
		r = route_to(to, ret);
	freeaddrinfo(list);
	return r < 0 ? fail_errno(f, -r, "no network yet: check ip=, the cable and the driver",
				  "host %s", host)
		     : 0;
}

int network_way(const char *host, struct network_peer *ret, struct failure *f)
{
	/* Addresses for documentation (RFC 5737, RFC 3849): only a default route reaches them. */
	static const char *const nowhere[] = { "192.0.2.1", "2001:db8::1" };
	int r = host ? route_to_any(host, ret, f) : -EAGAIN;

	for (size_t i = 0; (r == -EAGAIN || r == -ENXIO) && i < ARRAY_SIZE(nowhere); i++) {
		auto_failure struct failure unsaid = { 0 };

		if (route_to_any(nowhere[i], ret, &unsaid) == 0)
			return 0;
	}
	if (r < 0 && !host)
		r = fail_errno(f, ENETUNREACH, "check ip=, the cable and the driver",
			       "a default route");
	return r;
}

int network_connect(const char *host, unsigned port, unsigned ms, struct network_peer *ret,
		    struct failure *f)
{
	auto_free char *named = NULL;
	struct addrinfo *list;
	int r;

	if (!host) {
		host = named = leases_server();
		if (!host)
			return fail(f, EAGAIN, "name the server in root=, or use ip=dhcp",
				    "no DHCP lease names a server yet");
	}
	r = resolve(host, port, &list, f);
	if (r < 0)
		return r;
	r = -ENXIO;
	for (struct addrinfo *to = list; to && r < 0; to = to->ai_next)
		r = connect_to(to, ms, ret);
	for (struct addrinfo *to = list; to && leads_nowhere(r); to = to->ai_next) {
		int other = connect_by_others(to, ms, ret);

		if (other >= 0)
			r = other;
	}
	freeaddrinfo(list);
	if (r >= 0)
		return r;
	return fail_errno(f, -r,
			  r == -ENETUNREACH || r == -EADDRNOTAVAIL
				  ? "no network yet: check ip=, the cable and the driver"
				  : "is the server up, and this port open?",
			  "host %s port %u", host, port);
}

int network_find(const char *host, unsigned port, unsigned ms, struct network_peer *ret,
		 struct failure *f)
{
	auto_close int fd = network_connect(host, port, ms, ret, f);

	return fd < 0 ? fd : 0;
}

int network_listen(void)
{
	return events_listen(NETLINK_ROUTE, RTMGRP_IPV4_IFADDR | RTMGRP_IPV4_ROUTE |
						    RTMGRP_IPV6_IFADDR | RTMGRP_IPV6_ROUTE);
}
