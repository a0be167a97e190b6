// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/settings/network_bond.h"

#include "src/common/mem.h"
#include "src/rootovl/settings/network_parts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#define TARGETS_MAX 16 /* BOND_MAX_ARP_TARGETS of the kernel */

/* The kernel's values by their numbers; networkd has them by the same names. */
#define RANGE(least, most) .min = least, .max = most
#define NAMES(...)                                                                                 \
	.names = (const char *const[])                                                             \
	{                                                                                          \
		__VA_ARGS__, NULL                                                                  \
	}

/* A row with names has no `max`; of `unit` and `names` a number has neither. */
static const struct option {
	const char *name, *networkd, *unit;
	unsigned long min, max;
	const char *const *names;
} options[] = {
	{ "mode", "Mode", "",
	  NAMES("balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb",
		"balance-alb") },
	{ "miimon", "MIIMonitorSec", "ms", RANGE(0, 2147483647) },
	{ "updelay", "UpDelaySec", "ms", RANGE(0, 2147483647) },
	{ "downdelay", "DownDelaySec", "ms", RANGE(0, 2147483647) },
	{ "arp_interval", "ARPIntervalSec", "ms", RANGE(0, 2147483647) },
	{ "arp_validate", "ARPValidate", "", NAMES("none", "active", "backup", "all") },
	{ "arp_all_targets", "ARPAllTargets", "", NAMES("any", "all") },
	{ "lacp_rate", "LACPTransmitRate", "", NAMES("slow", "fast") },
	{ "xmit_hash_policy", "TransmitHashPolicy", "",
	  NAMES("layer2", "layer3+4", "layer2+3", "encap2+3", "encap3+4") },
	{ "ad_select", "AdSelect", "", NAMES("stable", "bandwidth", "count") },
	{ "ad_actor_sys_prio", "AdActorSystemPriority", "", RANGE(1, 65535) },
	{ "ad_user_port_key", "AdUserPortKey", "", RANGE(0, 1023) },
	{ "fail_over_mac", "FailOverMACPolicy", "", NAMES("none", "active", "follow") },
	{ "primary_reselect", "PrimaryReselectPolicy", "", NAMES("always", "better", "failure") },
	{ "all_slaves_active", "AllSlavesActive", "", RANGE(0, 1) },
	{ "tlb_dynamic_lb", "DynamicTransmitLoadBalancing", "", RANGE(0, 1) },
	{ "min_links", "MinLinks", "", RANGE(0, 2147483647) },
	{ "num_grat_arp", "GratuitousARP", "", RANGE(0, 255) },
	{ "num_unsol_na", "GratuitousARP", "", RANGE(0, 255) },
	{ "packets_per_slave", "PacketsPerSlave", "", RANGE(0, 65535) },
	{ "resend_igmp", "ResendIGMP", "", RANGE(0, 255) },
	/* networkd has no key: the queues are a matter of speed, and the driver's state is watched.
	 */
	{ "tx_queues", NULL, "", RANGE(1, 255) },
	{ "use_carrier", NULL, "", RANGE(1, 1) },
	{ "lp_interval", "LearnPacketIntervalSec", "s", RANGE(1, 2147483647) },
};

/* networkd's value, or NULL for what the kernel does not know. */
static char *value_of(const struct option *option, const char *value)
{
	size_t n = option->names ? strv_len((char *const *)option->names) : 0;

	if (!option->names)
		return net_is_number(value, option->min, option->max)
			       ? xasprintf("%s%s", value, option->unit)
			       : NULL;
	if (n && net_is_number(value, 0, n - 1))
		return xstrdup(option->names[strtoul(value, NULL, 10)]);
	return strv_has((char *const *)option->names, value) ? xstrdup(value) : NULL;
}

static int bad(const char *option, const char *hint, struct failure *f)
{
	return fail(f, EINVAL, hint, "bond=: bad option \"%s\"", option);
}

static int add_target(struct net_bond *bond, const char *text, const char *option,
		      struct failure *f)
{
	struct net_address address;

	if (!net_address_parse_machine(&address, text) || address.family != AF_INET)
		return bad(option, "arp_ip_target=ADDRESS[,ADDRESS]", f);
	strv_add(&bond->lines, xasprintf("ARPIPTargets=%s", text));
	return 0;
}

static int add(struct net_bond *bond, const char *text, struct failure *f)
{
	const char *equals = strchr(text, '=');
	auto_free char *name = xstrndup(text, equals ? (size_t)(equals - text) : 0);
	const char *value = equals ? equals + 1 : "";

	if (!strcmp(name, "arp_ip_target"))
		return add_target(bond, value, text, f);
	if (!strcmp(name, "primary") && net_is_interface(value)) {
		set_text(&bond->primary, xstrdup(value));
		return 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		auto_free char *said = NULL;

		if (strcmp(name, options[i].name) != 0)
			continue;
		said = value_of(&options[i], value);
		if (!said)
			return bad(text, "the kernel's bonding.rst lists the values", f);
		if (options[i].networkd)
			strv_add(&bond->lines, xasprintf("%s=%s", options[i].networkd, said));
		return 0;
	}
	return bad(text,
		   "those of the kernel's bonding.rst that rootovl.cmdline(7) lists, in lower "
		   "case",
		   f);
}

/* The value that the last line of this name sets; NULL: there is none. */
static const char *line_value(const struct net_bond *bond, const char *name)
{
	size_t len = strlen(name);
	const char *value = NULL;

	for (char **line = bond->lines; line && *line; line++)
		if (!strncmp(*line, name, len) && (*line)[len] == '=')
			value = *line + len + 1;
	return value;
}

static bool is_set(const struct net_bond *bond, const char *name)
{
	const char *value = line_value(bond, name);

	return value && !IS_ONE_OF(value, "0", "0ms", "none");
}

/* Beside one another the kernel refuses them, and there is no bond at all. */
static int check(const struct net_bond *bond, struct failure *f)
{
	const char *mode = line_value(bond, "Mode"), *lb;
	bool arp = is_set(bond, "ARPIntervalSec");
	bool balanced = mode && IS_ONE_OF(mode, "802.3ad", "balance-tlb", "balance-alb");
	bool primary = mode && IS_ONE_OF(mode, "active-backup", "balance-tlb", "balance-alb");
	size_t targets = 0;

	for (char **line = bond->lines; line && *line; line++)
		targets += !strncmp(*line, "ARPIPTargets=", strlen("ARPIPTargets="));
	lb = line_value(bond, "DynamicTransmitLoadBalancing");
	if (arp && is_set(bond, "MIIMonitorSec"))
		return bad("arp_interval", "leave it or miimon out: one of them watches", f);
	if (arp && (balanced || !targets || targets > TARGETS_MAX))
		return bad("arp_interval",
			   "it needs arp_ip_target, 16 at most, and another mode than 802.3ad, "
			   "balance-tlb and balance-alb",
			   f);
	if (is_set(bond, "ARPValidate") && !arp)
		return bad("arp_validate", "it needs arp_interval", f);
	if (bond->primary && !primary)
		return bad("primary", "of the modes active-backup, balance-tlb and balance-alb", f);
	if (lb && !(mode && IS_ONE_OF(mode, "balance-tlb", "balance-alb")))
		return bad("tlb_dynamic_lb", "of the modes balance-tlb and balance-alb", f);
	return 0;
}

int net_bond_parse(struct net_bond *ret, const char *text, struct failure *f)
{
	auto_strv char **list = strv_split(text, ",");
	bool target = false;
	int r = 0;

	*ret = (struct net_bond){ 0 };
	for (size_t i = 0; r == 0 && list && list[i]; i++) {
		/* arp_ip_target=10.0.0.1,10.0.0.2 has the comma in it. */
		if (target && !strchr(list[i], '='))
			r = add_target(ret, list[i], list[i], f);
		else
			r = add(ret, list[i], f);
		target = !strchr(list[i], '=') || !strncmp(list[i], "arp_ip_target=", 14);
	}
	return r == 0 ? check(ret, f) : r;
}

void net_bond_done(struct net_bond *bond)
{
	strv_free(bond->lines);
	free(bond->primary);
	*bond = (struct net_bond){ 0 };
}
