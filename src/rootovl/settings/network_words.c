// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/settings/network_words.h"

#include "src/common/mem.h"
#include "src/rootovl/settings/network_bond.h"
#include "src/rootovl/settings/network_parts.h"
#include "src/rootovl/settings/network_settle.h"
#include "src/rootovl/settings/values.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

static int bad(const char *name, const char *value, const char *hint, struct failure *f)
{
	return fail(f, EINVAL, hint, "bad value of %s: \"%s\"", name, value);
}

static int take_ip(struct net_reading *to, const char *value, struct failure *f)
{
	to->ips = xreallocarray(to->ips, to->n_ips + 1, sizeof(*to->ips));
	return net_ip_parse(&to->ips[to->n_ips++], value, f);
}

/* initramfs-tools of Ubuntu and MAAS: DHCP of IPv6 on all cards, on one, or on none. */
static int take_ip6(struct net_reading *to, const char *value, struct failure *f)
{
	auto_free char *one = xasprintf("%s:dhcp6", value);

	if (IS_ONE_OF(value, "off", "none"))
		return 0;
	if (IS_ONE_OF(value, "dhcp", "on", "any"))
		return take_ip(to, "dhcp6", f);
	return net_is_interface(value) ? take_ip(to, one, f)
				       : bad("ip6", value, "ip6=dhcp, ip6=off or ip6=INTERFACE", f);
}

/* Writes a colon behind each byte of twelve digits, iPXE's ${mac:hexraw}. Returns NULL for others.
 */
static char *with_colons(const char *digits)
{
	if (strlen(digits) != 12 || digits[strspn(digits, "0123456789abcdefABCDEF")])
		return NULL;
	return xasprintf("%.2s:%.2s:%.2s:%.2s:%.2s:%.2s", digits, digits + 2, digits + 4,
			 digits + 6, digits + 8, digits + 10);
}

/* <hardware type>-<MAC with dashes> of PXELINUX, GRUB and iPXE, or a MAC */
static int take_bootif(struct net_reading *to, const char *value, struct failure *f)
{
	bool typed = strlen(value) >= 20 && strchr("-:", value[2]);
	auto_free char *mac = NULL;

	if (typed && !strncmp(value, "20", 2))
		return fail(f, EOPNOTSUPP,
			    "leave it out, and name an Ethernet card: ip=INTERFACE:dhcp",
			    "BOOTIF=%s: the image has no IP over InfiniBand", value);
	/* Foreman writes 00 for Ethernet's 01. */
	if (typed && (!strncmp(value, "01", 2) || !strncmp(value, "00", 2)) && strlen(value) == 20)
		value += 3;
	mac = with_colons(value);
	if (!mac)
		mac = xstrdup(value);
	for (char *c = mac; *c; c++)
		if (*c == '-')
			*c = ':';
	if (!net_is_mac(mac))
		return bad("BOOTIF", value, "BOOTIF=01-52-54-00-12-34-56, as PXE loaders set it",
			   f);
	set_text(&to->bootif, STEAL(mac));
	return 0;
}

static int take_nameserver(struct net_reading *to, const char *value, struct failure *f)
{
	struct net_address address;

	if (!net_address_parse_machine(&address, value) || !address.family)
		return bad("nameserver", value, "nameserver=ADDRESS", f);
	net_reading_add_dns(to, &address);
	return 0;
}

static int take_route(struct net_reading *to, const char *value, struct failure *f)
{
	auto_strv char **parts = net_split(value);
	size_t n = strv_len(parts);
	const char *interface = n == 3 ? parts[2] : "";
	struct net_address network, gateway;
	auto_free char *prefix = net_prefix_parse(&network, parts[0]), *way = NULL;

	if (n < 2 || n > 3 || !prefix || !net_address_parse_machine(&gateway, parts[1]) ||
	    (gateway.family ? gateway.family != network.family : !*interface) ||
	    (*interface && !net_is_interface(interface)))
		return bad("rd.route", value, "rd.route=NETWORK/LENGTH:[GATEWAY][:INTERFACE]", f);
	way = net_address_text(&gateway);
	strv_add(&to->routes,
		 xasprintf(gateway.family == AF_INET6 ? "%s:[%s]" : "%s:%s", prefix, way));
	strv_add(&to->routes, xstrdup(interface));
	return 0;
}

static int take_ifname(struct net_reading *to, const char *value, struct failure *f)
{
	const char *colon = strchr(value, ':');
	auto_free char *name = xstrndup(value, colon ? (size_t)(colon - value) : 0);

	if (!net_is_interface(name) || !net_is_mac(colon + 1))
		return bad("ifname", value, "ifname=INTERFACE:52:54:00:12:34:56", f);
	return net_links_add_name(&to->links, name, colon + 1, f);
}

/* Takes an interface that is made, and its word for the generator. */
static int add_link(struct net_reading *to, const char *word, const char *value, const char *below,
		    unsigned id, struct failure *f)
{
	auto_free char *name = xstrndup(value, strcspn(value, ":"));
	bool fresh = !net_links_make(&to->links, name);
	int r = net_links_add(&to->links, word, value, below, id, f);

	return r == 0 && !fresh ? 1 : r;
}

static int take_vlan(struct net_reading *to, const char *value, struct failure *f)
{
	auto_strv char **parts = net_split(value);
	const char *id = parts[0] + strlen(parts[0]);
	const char *number;
	int r;

	/* The last digits of the name are the number: vlan5, vlan0005, eth0.5. */
	while (id > parts[0] && strchr("0123456789", id[-1]))
		id--;
	number = id + strspn(id, "0");
	number -= *id && !*number;
	if (strv_len(parts) != 2 || !net_is_interface(parts[0]) || !net_is_interface(parts[1]) ||
	    !net_is_number(number, 0, 4094))
		return bad("vlan", value, "vlan=vlan5:INTERFACE or vlan=INTERFACE.5:INTERFACE", f);
	if (number != id && strtoul(id, NULL, 8) != strtoul(id, NULL, 10))
		return bad(
			"vlan", value,
			"write the number without zeros in front, vlan10: systemd takes vlan0010 "
			"for number 8",
			f);
	r = add_link(to, "vlan", value, parts[1], (unsigned)strtoul(number, NULL, 10), f);
	if (r == 0)
		strv_add(&to->made, xasprintf("vlan=%s", value));
	return r < 0 ? r : 0;
}

static bool are_interfaces(const char *list)
{
	auto_strv char **names = strv_split(list, ",");

	for (char **name = names; name && *name; name++)
		if (!net_is_interface(*name))
			return false;
	return names != NULL;
}

static int take_bridge(struct net_reading *to, const char *value, struct failure *f)
{
	auto_strv char **parts = net_split(value);
	int r;

	if (strv_len(parts) != 2 || !net_is_interface(parts[0]) || !are_interfaces(parts[1]))
		return bad("bridge", value, "bridge=NAME:INTERFACE[,INTERFACE]", f);
	r = add_link(to, "bridge", value, parts[1], 0, f);
	if (r == 0)
		strv_add(&to->made, xasprintf("bridge=%s", value));
	return r < 0 ? r : 0;
}

static int take_bond_options(struct network_words *ret, char *const *parts, struct failure *f)
{
	struct net_bond bond = { 0 };
	auto_strv char **members = strv_split(parts[1], ",");
	int r = net_bond_parse(&bond, parts[2], f);

	if (r == 0 && bond.primary && !strv_has(members, bond.primary))
		r = fail(f, EINVAL, "name one of its interfaces",
			 "bond=%s: primary=%s is no part of it", parts[0], bond.primary);
	if (r == 0 && bond.primary)
		strv_add(&ret->primaries, STEAL(bond.primary));
	if (r == 0 && bond.lines) {
		auto_free char *lines = strv_join(bond.lines, "\n");

		strv_add(&ret->bonds, xstrdup(parts[0]));
		strv_add(&ret->bonds, xasprintf("%s\n", lines));
	}
	net_bond_done(&bond);
	return r;
}

/* bond=NAME[:INTERFACE,…[:[OPTION=VALUE,…][:MTU]]]: the generator leaves the options out. */
static int take_bond(struct net_reading *to, const char *value, struct failure *f)
{
	auto_strv char **parts = net_split(value);
	auto_free char *longer = NULL;
	size_t n = strv_len(parts);
	int r;

	if (n == 1 && net_is_interface(value)) {
		/* dracut's default */
		longer = xasprintf("%s:eth0,eth1:mode=balance-rr", value);
		return take_bond(to, longer, f);
	}
	if (n < 2 || n > 4 || !net_is_interface(parts[0]) || !are_interfaces(parts[1]) ||
	    (n == 4 && *parts[3] && !net_is_number(parts[3], NET_MTU_MIN, NET_MTU_MAX)))
		return bad("bond", value, "bond=NAME:INTERFACE,INTERFACE[:[mode=MODE][:MTU]]", f);
	r = add_link(to, "bond", value, parts[1], 0, f);
	if (r != 0)
		return r < 0 ? r : 0;
	strv_add(&to->made, n == 4 && *parts[3]
				    ? xasprintf("bond=%s:%s::%s", parts[0], parts[1], parts[3])
				    : xasprintf("bond=%s:%s", parts[0], parts[1]));
	return n > 2 ? take_bond_options(to->ret, parts, f) : 0;
}

static int take_bootdev(struct net_reading *to, const char *value, struct failure *f)
{
	(void)to;
	return net_is_interface(value) ? 0 : bad("bootdev", value, "bootdev=INTERFACE", f);
}

static int take_peerdns(struct net_reading *to, const char *value, struct failure *f)
{
	if (!value_is_off(value) && !IS_ONE_OF(value, "1", "yes", "on", "true"))
		return bad("rd.peerdns", value, "rd.peerdns=0", f);
	to->no_peerdns = value_is_off(value);
	return 0;
}

static int refuse_team(struct net_reading *to, const char *value, struct failure *f)
{
	(void)to;
	return fail(f, EOPNOTSUPP, "use bond=", "team=%s: networkd has no teams", value);
}

static const struct word {
	const char *name;
	int (*take)(struct net_reading *to, const char *value, struct failure *f);
	const char *bare; /* what dracut takes the word for without a value; NULL: nothing */
} known[] = {
	{ "ip", take_ip, NULL },
	{ "nfsaddrs", take_ip, NULL }, /* the kernel's older word */
	{ "ip6", take_ip6, NULL },
	{ "BOOTIF", take_bootif, NULL },
	{ "nameserver", take_nameserver, NULL },
	{ "rd.route", take_route, NULL },
	{ "ifname", take_ifname, NULL },
	{ "vlan", take_vlan, NULL },
	{ "bridge", take_bridge, "br0:eth0" },
	{ "bond", take_bond, "bond0" },
	{ "bootdev", take_bootdev, NULL },
	{ "team", refuse_team, "team0:eth0,eth1" },
	{ "rd.peerdns", take_peerdns, NULL },
};

static int read_word(struct net_reading *to, const struct cmdline_word *word, struct failure *f)
{
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		const char *value = word->value ? word->value : known[i].bare;

		if (value && cmdline_name_is(word->name, known[i].name))
			return known[i].take(to, value, f);
	}
	return 0;
}

int network_words_read(struct network_words *ret, const struct cmdline *cmdline, struct failure *f)
{
	struct net_reading reading = { .ret = ret };
	bool no_bootif = false;
	int r = 0;

	*ret = (struct network_words){ 0 };
	/* Boot loaders add BOOTIF= by themselves: where it is switched off, it may be anything. */
	for (size_t i = 0; i < cmdline->n; i++)
		if (cmdline_name_is(cmdline->words[i].name, "rd.bootif"))
			no_bootif = value_is_off(cmdline->words[i].value);
	for (size_t i = 0; r == 0 && i < cmdline->n; i++)
		if (!no_bootif || !cmdline_name_is(cmdline->words[i].name, "BOOTIF"))
			r = read_word(&reading, &cmdline->words[i], f);
	if (r == 0)
		r = net_reading_settle(&reading, f);
	net_reading_done(&reading);
	return r;
}

int network_words_check_made(char *const *elsewhere, char *const *made, struct failure *f)
{
	for (; elsewhere && *elsewhere; elsewhere += 2)
		if (!strv_has(made, elsewhere[1]))
			return fail(f, EINVAL,
				    "add vlan=, bridge=, bond= or ifname=, or bring a .netdev file",
				    "%s=: nothing makes %s", elsewhere[0], elsewhere[1]);
	return 0;
}

void network_words_done(struct network_words *words)
{
	strv_free(words->words);
	strv_free(words->others);
	strv_free(words->bonds);
	strv_free(words->primaries);
	strv_free(words->onlink);
	strv_free(words->direct);
	strv_free(words->elsewhere);
	free(words->bootif);
	free(words->mtu);
	free(words->hostname);
	free(words->server);
	free(words->ntp);
	*words = (struct network_words){ 0 };
}
