// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/settings/network_ip.h"

#include "src/common/mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#define FORM                                                                                       \
	"ip=METHOD, ip=INTERFACE:METHOD or "                                                       \
	"ip=ADDRESS:SERVER:GATEWAY:NETMASK:HOSTNAME:INTERFACE:METHOD, "                            \
	"METHOD being dhcp, dhcp6, auto6, any, link6 or none"

/* Parts of the long form. */
enum {
	ADDRESS,
	SERVER,
	GATEWAY,
	MASK,
	HOSTNAME,
	INTERFACE,
	METHOD,
	BEHIND,
};

static int bad(const char *value, const char *why, struct failure *f)
{
	return fail(f, EINVAL, why ? why : FORM, "bad value of ip: \"%s\"", value);
}

enum net_method net_method_add(enum net_method one, enum net_method other)
{
	enum net_method less = one < other ? one : other, more = one < other ? other : one;

	return less == NET_DHCP6 && more == NET_DHCP ? NET_ANY : more;
}

/* The generator lacks some. networkd asks on all interfaces at once anyway. */
static bool read_one_method(enum net_method *ret, const char *text)
{
	static const struct {
		const char *name;
		enum net_method method;
	} known[] = {
		{ "none", NET_NONE },	     { "off", NET_NONE },    { "static", NET_NONE },
		{ "link6", NET_LINK6 },	     { "auto6", NET_AUTO6 }, { "dhcp6", NET_DHCP6 },
		{ "link-local", NET_LINK6 }, { "dhcp", NET_DHCP },   { "either6", NET_DHCP6 },
		{ "single-dhcp", NET_DHCP }, { "any", NET_ANY },     { "on", NET_ANY },
		{ "both", NET_ANY },	     { "dhcp4", NET_DHCP },  { "auto", NET_ANY },
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (!strcmp(text, known[i].name)) {
			*ret = known[i].method;
			return true;
		}
	return false;
}

/* Reads one method, or several of dracut's separated by commas: "dhcp,dhcp6". */
static bool read_method(enum net_method *ret, const char *text)
{
	auto_strv char **names = strv_split(text, ",");
	enum net_method all = NET_NONE, one;

	for (char **name = names; name && *name; name++) {
		if (!read_one_method(&one, *name))
			return false;
		all = net_method_add(all, one);
	}
	*ret = all;
	return names != NULL;
}

static bool read_mtu(struct net_ip *ip, const char *text)
{
	if (*text && !net_is_number(text, NET_MTU_MIN, NET_MTU_MAX))
		return false;
	ip->mtu = *text ? xstrdup(text) : NULL;
	return true;
}

/* [MTU][:MAC], where a MAC is six parts; or [DNS1][:[DNS2][:NTP]] */
static int read_behind(struct net_ip *ip, char *const *parts, size_t n, const char *value,
		       struct failure *f)
{
	struct net_address *const addresses[] = { &ip->dns[0], &ip->dns[1], &ip->ntp };

	if (n == 0 || (n == 1 && read_mtu(ip, parts[0])))
		return 0;
	if (n == 7) {
		ip->mac = strv_join(parts + 1, ":");
		return net_is_mac(ip->mac) && read_mtu(ip, parts[0])
			       ? 0
			       : bad(value, "behind the method stand MTU:MAC or DNS1:DNS2:NTP", f);
	}
	for (size_t i = 0; i < n; i++)
		if (i >= ARRAY_SIZE(addresses) ||
		    !net_address_parse_machine(addresses[i], parts[i]))
			return bad(value, "behind the method stand MTU:MAC or DNS1:DNS2:NTP", f);
	return 0;
}

static int read_interface(struct net_ip *ip, const char *text, const char *value, struct failure *f)
{
	if (*text && !net_is_interface(text))
		return bad(value, NULL, f);
	ip->interface = xstrdup(text);
	return 0;
}

/* What is only wrong together. */
static int check_address(const struct net_ip *ip, const char *value, struct failure *f)
{
	int family = ip->address.family;
	bool other = ip->gateway.family && ip->gateway.family != (family ? family : AF_INET);

	if (other)
		return bad(value,
			   family ? "the gateway is of another family than the address"
				  : "a gateway of IPv6 needs an address of IPv6",
			   f);
	if (family && net_address_is(&ip->address, &ip->gateway))
		return bad(value, "the gateway is the address itself: leave it out", f);
	if (ip->mac && (!*ip->interface || !strcmp(ip->interface, "BOOTIF")))
		return bad(value, "a MAC needs the name of an interface", f);
	return 0;
}

/* Reads ADDRESS/LENGTH without a mask, as NetworkManager's generator does. */
static bool read_with_length(struct net_ip *ip, const char *text, const char *mask)
{
	auto_free char *both = net_prefix_parse(&ip->address, text);
	auto_free char *address = net_address_text(&ip->address);

	if (!both || *mask)
		return false;
	ip->prefix = (unsigned)strtoul(strchr(both, '/') + 1, NULL, 10);
	return ip->prefix && net_address_parse_machine(&ip->address, address) && ip->address.family;
}

/* Reads the address and its mask. Returns NULL, or a hint that says what is wrong. */
static const char *read_client(struct net_ip *ip, const char *text, const char *mask)
{
	if (strchr(text, '/'))
		return read_with_length(ip, text, mask) ? NULL : FORM;
	if (!net_address_parse_machine(&ip->address, text))
		return FORM;
	if (ip->address.family && !net_mask_parse(&ip->prefix, mask, &ip->address))
		return "the netmask is 255.255.255.0 or a length; IPv6 needs one";
	return NULL;
}

/* [CLIENT]:[SERVER]:[GATEWAY]:[MASK]:[HOST]:[INTERFACE]:[METHOD]:… with `n` parts of it there */
static int read_long(struct net_ip *ip, char *const *parts, size_t n, const char *value,
		     struct failure *f)
{
	static const char none[] = "";
	const char *part[BEHIND], *wrong;
	int r;

	for (size_t i = 0; i < BEHIND; i++)
		part[i] = i < n ? parts[i] : none;
	wrong = read_client(ip, part[ADDRESS], part[MASK]);
	if (!wrong && (!net_address_parse_machine(&ip->server, part[SERVER]) ||
		       !net_address_parse_machine(&ip->gateway, part[GATEWAY])))
		wrong = FORM;
	if (wrong)
		return bad(value, wrong, f);
	if (!net_is_hostname(part[HOSTNAME]))
		return bad(value,
			   "a host name has letters, digits, dashes and dots, 64 at most, and "
			   "begins and ends with a letter or a digit",
			   f);
	ip->hostname = *part[HOSTNAME] ? xstrdup(part[HOSTNAME]) : NULL;
	r = read_interface(ip, part[INTERFACE], value, f);
	if (r < 0)
		return r;
	ip->asked = *part[METHOD] != '\0';
	ip->method = ip->address.family ? NET_NONE : NET_DHCP;
	if (ip->asked && !read_method(&ip->method, part[METHOD]))
		return bad(value, NULL, f);
	r = n > BEHIND ? read_behind(ip, parts + BEHIND, n - BEHIND, value, f) : 0;
	return r < 0 ? r : check_address(ip, value, f);
}

static int read_short(struct net_ip *ip, char *const *parts, size_t n, const char *value,
		      struct failure *f)
{
	int r = read_interface(ip, parts[0], value, f);

	if (r == 0 && n > 2)
		r = n == 3 || n == 9 ? read_behind(ip, parts + 2, n - 2, value, f)
				     : bad(value, NULL, f);
	if (r == 0 && ip->dns[0].family)
		r = bad(value, NULL, f);
	return r == 0 ? check_address(ip, value, f) : r;
}

static bool begins_with_v4(const char *text)
{
	auto_free char *bare = xstrndup(text, strcspn(text, "/"));
	struct net_address address;

	return net_address_parse(&address, bare) && address.family == AF_INET;
}

int net_ip_parse(struct net_ip *ret, const char *value, struct failure *f)
{
	auto_strv char **parts = net_split(value);
	size_t fields = strv_len(parts), n = fields;

	*ret = (struct net_ip){ 0 };
	for (size_t i = 0; i < n; i++)
		if (IS_ONE_OF(parts[i], "ibft", "fw") && (n == 1 || i == 1 || i == METHOD))
			return fail(f, EOPNOTSUPP, "write the address out, or use ip=dhcp",
				    "ip=%s: networkd does not read the firmware's iSCSI table",
				    value);
	/* PXELINUX and scripts leave colons at the end. */
	while (n > 1 && !*parts[n - 1])
		n--;
	if (fields == 1 && read_method(&ret->method, parts[0])) {
		ret->interface = xstrdup("");
		return 0;
	}
	if (n >= 2 && *parts[0] && read_method(&ret->method, parts[1]))
		return read_short(ret, parts, n, value, f);
	/* PXELINUX writes four fields. The kernel knows ten, and the last ones may be left out. */
	if ((fields < 4 && !begins_with_v4(parts[0])) || (n == 1 && !*parts[0]))
		return bad(value, NULL, f);
	return read_long(ret, parts, n, value, f);
}

void net_ip_done(struct net_ip *ip)
{
	free(ip->hostname);
	free(ip->mtu);
	free(ip->mac);
	free(ip->interface);
	*ip = (struct net_ip){ 0 };
}

/* A point-to-point interface has no network: what is the server to the kernel is the peer to
 * dracut. */
static bool has_peer(const struct net_ip *ip)
{
	return ip->server.family && ip->server.family == ip->address.family &&
	       ip->prefix == (ip->address.family == AF_INET ? 32 : 128);
}

bool net_ip_is_onlink(const struct net_ip *ip)
{
	return ip->address.family && ip->gateway.family &&
	       !net_address_is_link_local(&ip->gateway) &&
	       !net_address_is_within(&ip->gateway, &ip->address, ip->prefix) &&
	       !(has_peer(ip) && net_address_is(&ip->gateway, &ip->server));
}

bool net_ip_is_gateway(const struct net_ip *ip)
{
	return ip->gateway.family && !ip->address.family && !ip->hostname && !ip->asked &&
	       !*ip->interface;
}

/* As a part of ip=; "" for none. */
static char *part_of(const struct net_address *address)
{
	auto_free char *text = net_address_text(address);

	return address->family == AF_INET6 ? xasprintf("[%s]", text) : STEAL(text);
}

char *net_ip_word(const struct net_ip *ip)
{
	static const char *const methods[] = {
		[NET_NONE] = "none",   [NET_LINK6] = "link6", [NET_AUTO6] = "auto6",
		[NET_DHCP6] = "dhcp6", [NET_DHCP] = "dhcp",   [NET_ANY] = "any",
	};
	static const struct net_address none;
	auto_free char *address = part_of(&ip->address);
	auto_free char *peer = part_of(has_peer(ip) ? &ip->server : &none);
	auto_free char *gateway = part_of(&ip->gateway);
	auto_free char *prefix = *address ? xasprintf("%u", ip->prefix) : xstrdup("");
	auto_free char *behind = NULL;

	/* The generator takes them with a name alone; the unit has them otherwise. */
	if (*ip->interface && (ip->mtu || ip->mac))
		behind = xasprintf(":%s%s%s", ip->mtu ? ip->mtu : "", ip->mac ? ":" : "",
				   ip->mac ? ip->mac : "");
	if (!*address && !*gateway && !ip->hostname)
		return xasprintf("ip=%s%s%s%s", ip->interface, *ip->interface ? ":" : "",
				 methods[ip->method], behind ? behind : "");
	return xasprintf("ip=%s:%s:%s:%s:%s:%s:%s%s", address, peer, gateway, prefix,
			 ip->hostname ? ip->hostname : "", ip->interface, methods[ip->method],
			 behind ? behind : "");
}
