// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/machine/route.h"

#include "src/common/macro.h"
#include "src/rootovl/machine/netlink.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <string.h>

/* Returns the bytes of an address, and sets *ret_len to their number. */
static const void *bytes_of(const struct sockaddr *to, size_t *ret_len)
{
	*ret_len = to->sa_family == AF_INET ? 4 : 16;
	return to->sa_family == AF_INET ? (const void *)&((const struct sockaddr_in *)to)->sin_addr
					: &((const struct sockaddr_in6 *)to)->sin6_addr;
}

static int ask(const struct netlink *request, struct netlink *answer)
{
	auto_close int fd = netlink_socket(NETLINK_ROUTE);

	return fd < 0 ? fd : netlink_ask(fd, request, answer);
}

/* Begins a request about the route to one address. */
static void begin(struct netlink *request, uint16_t type, uint16_t flags, struct rtmsg *header,
		  const struct sockaddr *to, uint32_t interface)
{
	size_t len;
	const void *bytes = bytes_of(to, &len);

	header->rtm_family = (unsigned char)to->sa_family;
	header->rtm_dst_len = (unsigned char)(len * 8);
	netlink_begin(request, type, flags, header, sizeof(*header));
	netlink_put(request, RTA_DST, bytes, len);
	if (interface)
		netlink_put(request, RTA_OIF, &interface, sizeof(interface));
}

unsigned route_interface(const struct sockaddr *to)
{
	struct rtmsg header = { 0 };
	struct netlink request, answer;
	const void *value = NULL;
	uint32_t interface = 0;
	size_t len = 0;

	begin(&request, RTM_GETROUTE, 0, &header, to, 0);
	if (ask(&request, &answer) == 0)
		value = netlink_find(&answer, sizeof(struct rtmsg), RTA_OIF, &len);
	if (value && len == sizeof(interface))
		memcpy(&interface, value, sizeof(interface));
	return interface;
}

int route_pin(const struct sockaddr *to, unsigned interface)
{
	/* Without this flag, IPv4 reports every address as one on the link of the interface. */
	struct rtmsg look = { .rtm_flags = to->sa_family == AF_INET ? RTM_F_FIB_MATCH : 0 };
	struct rtmsg add = {
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol =
			RTPROT_STATIC, /* networkd keeps these routes, see KeepConfiguration= */
		.rtm_type = RTN_UNICAST,
	};
	struct netlink request, answer;
	const void *gateway;
	size_t len = 0, several;
	int r;

	begin(&request, RTM_GETROUTE, 0, &look, to, interface);
	r = ask(&request, &answer);
	if (r < 0)
		return r;
	if (netlink_find(&answer, sizeof(look), RTA_MULTIPATH, &several))
		return -EOPNOTSUPP;
	gateway = netlink_find(&answer, sizeof(look), RTA_GATEWAY, &len);
	add.rtm_scope = gateway || to->sa_family == AF_INET6 ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
	/* The gateway may be outside the networks of the interface. */
	add.rtm_flags = gateway ? RTNH_F_ONLINK : 0;
	begin(&request, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, &add, to, interface);
	if (gateway)
		netlink_put(&request, RTA_GATEWAY, gateway, len);
	return ask(&request, NULL);
}

int route_unpin(const struct sockaddr *to, unsigned interface)
{
	struct rtmsg header = {
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_scope = RT_SCOPE_NOWHERE, /* matches any scope */
	};
	struct netlink request;

	begin(&request, RTM_DELROUTE, 0, &header, to, interface);
	return ask(&request, NULL);
}
