// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/settings/network_words.h"

#include "src/common/mem.h"
#include "src/rootovl/settings/network_parts.h"

#include <errno.h>
#include <string.h>

/* Puts "name=value" among the generator's words. */
static int pass(struct network_words *to, const char *name, const char *value)
{
	strv_add(&to->words, xasprintf("%s=%s", name, value));
	return 0;
}

static int bad(const char *name, const char *value, const char *hint, struct failure *f)
{
	return fail(f, EINVAL, hint, "bad value of %s: \"%s\"", name, value);
}

static bool is_off(const char *value)
{
	return value && (!strcmp(value, "0") || !strcmp(value, "no") || !strcmp(value, "off"));
}

#define IP_FORMS                                                                                   \
	"ip=METHOD, ip=INTERFACE:METHOD or "                                                       \
	"ip=ADDRESS::GATEWAY:NETMASK:HOSTNAME:INTERFACE:METHOD, "                                  \
	"METHOD being dhcp, dhcp6, auto6, any, link6 or none"

/* ip=INTERFACE:METHOD[:[MTU][:MAC]] */
static bool is_interface_form(char *const *parts, size_t n)
{
	return n >= 2 && net_is_interface(parts[0]) && net_is_method(parts[1]) &&
	       net_are_behind(parts, 2, n);
}

/* ip=[CLIENT]:[PEER]:[GATEWAY]:[MASK]:[HOST]:[INTERFACE][:METHOD[:…]] */
static bool is_address_form(char *const *parts, size_t n)
{
	return n >= 6 && net_is_hostname(parts[4]) && net_are_behind(parts, 7, n) &&
	       (!*parts[0] || net_is_address(parts[0])) &&
	       (!*parts[1] || net_is_address(parts[1])) &&
	       (!*parts[2] || net_is_address(parts[2])) && (!*parts[3] || net_is_mask(parts[3])) &&
	       (!*parts[5] || net_is_interface(parts[5])) && (n < 7 || net_is_method(parts[6]));
}

/* The generator lacks these. networkd asks on all interfaces at once anyway. */
static void use_known_method(char **part)
{
	static const char *const same[][2] = {
		{ "single-dhcp", "dhcp" },
		{ "both", "any" },
		{ "link-local", "link6" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(same); i++)
		if (!strcmp(*part, same[i][0])) {
			free(*part);
			*part = xstrdup(same[i][1]);
			return;
		}
}

static int take_ip(struct network_words *to, const char *value, struct failure *f)
{
	auto_strv char **parts = net_split(value);
	size_t n = strv_len(parts);
	auto_free char *text = NULL;

	to->ip = true;
	for (size_t i = 0; i < n; i++)
		if (!strcmp(parts[i], "ibft") && (n == 1 || i == 1 || i == 6))
			return fail(f, EOPNOTSUPP, "write the address out, or use ip=dhcp",
				    "ip=%s: networkd does not read the firmware's iSCSI table",
				    value);
	if (!(n == 1 && net_is_method(parts[0])) && !is_interface_form(parts, n) &&
	    !is_address_form(parts, n))
		return bad("ip", value, IP_FORMS, f);
	if (is_address_form(parts, n) && *parts[4]) {
		free(to->hostname);
		to->hostname = xstrdup(parts[4]);
	}
	for (size_t i = 0; i < n; i++)
		use_known_method(&parts[i]);
	/* The kernel and dracut can do without the method; the generator cannot. */
	if (n == 6)
		strv_add(&parts, xstrdup(*parts[0] ? "none" : "dhcp"));
	text = strv_join(parts, ":");
	return pass(to, "ip", text);
}

/* <hardware type>-<MAC with dashes> of PXELINUX and iPXE, or a MAC */
static int take_bootif(struct network_words *to, const char *value, struct failure *f)
{
	auto_free char *mac = NULL;

	if (strlen(value) == 20 && value[2] == '-')
		value += 3;
	mac = xstrdup(value);
	for (char *c = mac; *c; c++)
		if (*c == '-')
			*c = ':';
	if (!net_is_mac(mac))
		return bad("BOOTIF", value, "BOOTIF=01-52-54-00-12-34-56, as PXE loaders set it",
			   f);
	free(to->bootif);
	to->bootif = STEAL(mac);
	return 0;
}

static int take_nameserver(struct network_words *to, const char *value, struct failure *f)
{
	bool bracket = value[0] == '[';
	auto_free char *bare = xstrdup(bracket ? value + 1 : value);

	if (!net_is_address(value))
		return bad("nameserver", value, "nameserver=ADDRESS", f);
	/* The generator takes none here. */
	bare[strcspn(bare, "]")] = '\0';
	return pass(to, "nameserver", bare);
}

static int take_route(struct network_words *to, const char *value, struct failure *f)
{
	auto_strv char **parts = net_split(value);
	size_t n = strv_len(parts);

	if (n < 2 || n > 3 || !net_is_prefix(parts[0]) || !net_is_address(parts[1]) ||
	    (n == 3 && *parts[2] && !net_is_interface(parts[2])))
		return bad("rd.route", value, "rd.route=NETWORK/LENGTH:GATEWAY[:INTERFACE]", f);
	return pass(to, "rd.route", value);
}

static int take_ifname(struct network_words *to, const char *value, struct failure *f)
{
	const char *colon = strchr(value, ':');
	auto_free char *name = xstrndup(value, colon ? (size_t)(colon - value) : 0);

	if (!net_is_interface(name) || !net_is_mac(colon + 1))
		return bad("ifname", value, "ifname=INTERFACE:52:54:00:12:34:56", f);
	return pass(to, "ifname", value);
}

static int take_vlan(struct network_words *to, const char *value, struct failure *f)
{
	auto_strv char **parts = net_split(value);
	const char *id = parts ? parts[0] + strcspn(parts[0], "0123456789") : "";

	/* The last digits of the name are the number: vlan5, eth0.5. */
	for (const char *c = id; *c; c++)
		if (!strchr("0123456789", *c))
			id = c + 1;
	if (strv_len(parts) != 2 || !net_is_interface(parts[0]) || !net_is_interface(parts[1]) ||
	    !net_is_number(id, 4094))
		return bad("vlan", value, "vlan=vlan5:INTERFACE or vlan=INTERFACE.5:INTERFACE", f);
	return pass(to, "vlan", value);
}

static bool are_interfaces(const char *list)
{
	auto_strv char **names = strv_split(list, ",");

	for (char **name = names; name && *name; name++)
		if (!net_is_interface(*name))
			return false;
	return names != NULL;
}

static int take_bridge(struct network_words *to, const char *value, struct failure *f)
{
	auto_strv char **parts = net_split(value);

	if (strv_len(parts) != 2 || !net_is_interface(parts[0]) || !are_interfaces(parts[1]))
		return bad("bridge", value, "bridge=NAME:INTERFACE[,INTERFACE]", f);
	return pass(to, "bridge", value);
}

/* The kernel's names of options, and networkd's (systemd.netdev(5)). */
static char *bond_line(const char *option)
{
	static const struct {
		const char *name, *networkd, *unit;
	} known[] = {
		{ "mode=", "Mode", "" },
		{ "miimon=", "MIIMonitorSec", "ms" },
		{ "lacp_rate=", "LACPTransmitRate", "" },
		{ "xmit_hash_policy=", "TransmitHashPolicy", "" },
		{ "updelay=", "UpDelaySec", "ms" },
		{ "downdelay=", "DownDelaySec", "ms" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		size_t len = strlen(known[i].name);
		const char *value = option + len;

		if (!strncmp(option, known[i].name, len) && *value &&
		    !value[strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789.+-")])
			return xasprintf("%s=%s%s\n", known[i].networkd, value, known[i].unit);
	}
	return NULL;
}

/* bond=NAME:INTERFACE,…[:[OPTION=VALUE,…][:MTU]]: the generator leaves the options out. */
static int take_bond(struct network_words *to, const char *value, struct failure *f)
{
	auto_strv char **parts = net_split(value);
	auto_strv char **options = NULL, **lines = NULL;
	size_t n = strv_len(parts);

	if (n < 2 || n > 4 || !net_is_interface(parts[0]) || !are_interfaces(parts[1]) ||
	    (n == 4 && !net_is_number(parts[3], 65535)))
		return bad("bond", value, "bond=NAME:INTERFACE,INTERFACE[:[mode=MODE][:MTU]]", f);
	options = n > 2 ? strv_split(parts[2], ",") : NULL;
	for (char **option = options; option && *option; option++) {
		char *line = bond_line(*option);

		if (!line)
			return bad("bond", value,
				   "mode=, miimon=, lacp_rate=, xmit_hash_policy=, updelay= and "
				   "downdelay= are known, by names in lower case",
				   f);
		strv_add(&lines, line);
	}
	if (lines) {
		strv_add(&to->bonds, xstrdup(parts[0]));
		strv_add(&to->bonds, strv_join(lines, ""));
	}
	return pass(to, "bond", value);
}

static int take_bootdev(struct network_words *to, const char *value, struct failure *f)
{
	return net_is_interface(value) ? pass(to, "bootdev", value)
				       : bad("bootdev", value, "bootdev=INTERFACE", f);
}

static int take_peerdns(struct network_words *to, const char *value, struct failure *f)
{
	if (!is_off(value) && strcmp(value, "1") != 0)
		return bad("rd.peerdns", value, "rd.peerdns=0", f);
	return pass(to, "rd.peerdns", value);
}

static int refuse_team(struct network_words *to, const char *value, struct failure *f)
{
	(void)to;
	return fail(f, EOPNOTSUPP, "use bond=", "team=%s: networkd has no teams", value);
}

static const struct word {
	const char *name;
	int (*take)(struct network_words *to, const char *value, struct failure *f);
} known[] = {
	{ "ip", take_ip },
	{ "BOOTIF", take_bootif },
	{ "nameserver", take_nameserver },
	{ "rd.route", take_route },
	{ "ifname", take_ifname },
	{ "vlan", take_vlan },
	{ "bridge", take_bridge },
	{ "bond", take_bond },
	{ "bootdev", take_bootdev },
	{ "team", refuse_team },
	{ "rd.peerdns", take_peerdns },
};

int network_words_read(struct network_words *ret, const struct cmdline *cmdline, struct failure *f)
{
	bool no_bootif = false;
	int r = 0;

	*ret = (struct network_words){ 0 };
	for (size_t i = 0; r == 0 && i < cmdline->n; i++) {
		const struct cmdline_word *word = &cmdline->words[i];

		if (cmdline_name_is(word->name, "rd.bootif"))
			no_bootif = is_off(word->value);
		for (size_t k = 0; r == 0 && word->value && k < ARRAY_SIZE(known); k++)
			if (cmdline_name_is(word->name, known[k].name))
				r = known[k].take(ret, word->value, f);
	}
	if (no_bootif) {
		free(ret->bootif);
		ret->bootif = NULL;
	}
	return r;
}

void network_words_done(struct network_words *words)
{
	strv_free(words->words);
	strv_free(words->bonds);
	free(words->bootif);
	free(words->hostname);
	*words = (struct network_words){ 0 };
}

static bool has_line(const char *text, const char *begin)
{
	auto_free char *behind = xasprintf("\n%s", begin);

	return strstr(text, behind) != NULL;
}

char *network_words_unit(const struct network_words *words, const char *text)
{
	static const char *const configured[] = { "DHCP=", "Address=", "VLAN=", "Bond=",
						  "Bridge=" };
	const char *made = text ? text : "[Match]\nType=ether\nKind=!*\n\n[Network]\nDHCP=yes\n";
	bool dhcp = true;
	auto_free char *match = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(configured); i++)
		dhcp = dhcp && !has_line(made, configured[i]);
	/* Without a name it is for all interfaces, but for the one that the machine booted from. */
	if (words->bootif && !has_line(made, "Name="))
		match = xasprintf("\n[Match]\nMACAddress=%s\n", words->bootif);
	/*
	 * nameserver= or rd.route= alone do not say how to come by an address. The root lives on
	 * it: it outlives the daemon, the switch to the root and the lease. The client's identity
	 * is the firmware's, so that its address is given again: a machine's would be a new one at
	 * every boot. Option 17 is the root path. Short names need search domains, and a
	 * network with tunnels the size of packets that it says.
	 */
	return xasprintf("%s%s\n[Network]\n%sKeepConfiguration=yes\n\n[DHCPv4]\n"
			 "ClientIdentifier=mac\nRequestOptions=17\nUseDomains=yes\nUseMTU=yes\n\n"
			 "[DHCPv6]\nUseDomains=yes\n\n[IPv6AcceptRA]\nUseDomains=yes\n",
			 made, match ? match : "", dhcp ? "DHCP=yes\n" : "");
}

const char *network_words_netdev(const struct network_words *words, const char *name)
{
	for (char **bond = words->bonds; bond && *bond; bond += 2)
		if (!strcmp(bond[0], name))
			return bond[1];
	return NULL;
}
