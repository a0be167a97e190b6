// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/lower/network.h"

#include "src/common/connect.h"
#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/rootovl/machine/dhcp_lease.h"
#include "src/rootovl/machine/events.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#define STATE_MAX 65536

bool network_heals(int code)
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

/* The value of the last "NAME=value" line in the files that match; NULL where there is none. */
static char *state_value(const char *pattern, const char *name)
{
	char *value = NULL;
	size_t len = strlen(name);
	glob_t files;

	if (glob(pattern, 0, NULL, &files) != 0)
		return NULL;
	for (size_t i = 0; i < files.gl_pathc; i++) {
		auto_free char *text = NULL;
		auto_strv char **lines = NULL;

		if (file_read(AT_FDCWD, files.gl_pathv[i], STATE_MAX, &text) < 0)
			continue;
		lines = strv_split(text, "\n");
		for (size_t l = 0; lines && lines[l]; l++) {
			if (strncmp(lines[l], name, len) != 0 || lines[l][len] != '=' ||
			    !lines[l][len + 1])
				continue;
			free(value);
			value = xstrdup(lines[l] + len + 1);
		}
	}
	globfree(&files);
	return value;
}

/* The servers are in its state files; sd_network_get_dns(3) reads the same. */
void network_write_resolv_conf(void)
{
	auto_free char *present = NULL, *servers = NULL, *text = xstrdup("");
	auto_strv char **list = NULL;

	if (file_read(AT_FDCWD, "/etc/resolv.conf", STATE_MAX, &present) == 0 &&
	    strstr(present, "nameserver"))
		return;
	servers = state_value("/run/systemd/netif/links/*", "DNS");
	if (!servers)
		return;
	list = strv_split(servers, " ");
	for (size_t i = 0; list && list[i]; i++) {
		/* "address#name" of systemd; resolv.conf knows only addresses. */
		char *longer;

		list[i][strcspn(list[i], "#%")] = '\0';
		longer = xasprintf("%snameserver %s\n", text, list[i]);
		free(text);
		text = longer;
	}
	file_write(AT_FDCWD, "/etc/resolv.conf", text, 0644);
}

static int resolve(const char *host, unsigned port, struct addrinfo **ret, struct failure *f)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST };
	char service[16];
	int r;

	snprintf(service, sizeof(service), "%u", port);
	r = getaddrinfo(host, service, &hints, ret);
	if (r == EAI_NONAME) {
		network_write_resolv_conf();
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
	/* A router told of the network already, and our own address is on its way. */
	if (is_link_local((struct sockaddr *)&local) && !is_link_local(to->ai_addr))
		return -EADDRNOTAVAIL;
	if (getnameinfo((struct sockaddr *)&local, len, ret->local, sizeof(ret->local), NULL, 0,
			NI_NUMERICHOST) ||
	    getnameinfo(to->ai_addr, to->ai_addrlen, ret->address, sizeof(ret->address), NULL, 0,
			NI_NUMERICHOST))
		return -EINVAL;
	return 0;
}

/* The socket, or -errno. */
static int connect_to(const struct addrinfo *to, unsigned ms, struct network_peer *ret)
{
	auto_close int fd = connect_within(to->ai_addr, to->ai_addrlen, ms);
	int r = fd < 0 ? fd : tell_addresses(fd, to, ret);

	return r < 0 ? r : steal_fd(&fd);
}

/* A datagram socket that is connected has a route and an address, and has sent nothing (udp(7)). */
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
	/* For documentation (RFC 5737, RFC 3849): only a default route leads there. */
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
		host = named = dhcp_lease_server();
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
