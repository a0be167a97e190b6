// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/settings/network_settle.h"

#include "src/common/mem.h"

#include <errno.h>
#include <string.h>

static void add_once(char ***list, char *word)
{
	if (strv_has(*list, word))
		free(word);
	else
		strv_add(list, word);
}

void net_reading_add_dns(struct net_reading *reading, const struct net_address *address)
{
	auto_free char *text = net_address_text(address);

	if (address->family)
		add_once(&reading->dns, xasprintf("nameserver=%s", text));
}

/* MAAS writes the word BOOTIF for the card whose MAC is in BOOTIF=. */
static int name_bootif(struct net_reading *reading, struct failure *f)
{
	for (size_t i = 0; i < reading->n_ips; i++) {
		if (strcmp(reading->ips[i].interface, "BOOTIF") != 0)
			continue;
		if (!reading->bootif)
			return fail(f, EINVAL, "add BOOTIF=01-52-54-00-12-34-56, as PXE loaders do",
				    "ip=: the interface is BOOTIF, and there is no BOOTIF=");
		set_text(&reading->ips[i].interface, xstrdup(""));
	}
	return 0;
}

static bool is_of(const struct net_ip *ip, const char *interface)
{
	return !strcmp(ip->interface, interface);
}

/* The last ip= that names none; NULL: there is none. */
static const struct net_ip *for_all(const struct net_reading *reading)
{
	const struct net_ip *all = NULL;

	for (size_t i = 0; i < reading->n_ips; i++)
		if (is_of(&reading->ips[i], ""))
			all = &reading->ips[i];
	return all;
}

/*
 * OpenShift's and others' ip=::10.0.0.1:::: is the gateway of whichever card can reach it. Where a
 * card with an address can, it is that one's, and no word for all others.
 */
static void give_gateway(struct net_reading *reading)
{
	size_t n = 0;

	for (size_t i = 0; i < reading->n_ips; i++) {
		struct net_ip *ip = &reading->ips[i];
		bool given = false;

		for (size_t k = 0; k < reading->n_ips && net_ip_is_gateway(ip); k++) {
			struct net_ip *other = &reading->ips[k];

			if (!other->address.family || other->gateway.family ||
			    !net_address_is_within(&ip->gateway, &other->address, other->prefix))
				continue;
			other->gateway = ip->gateway;
			given = true;
		}
		if (given)
			net_ip_done(ip);
		else
			reading->ips[n++] = *ip;
	}
	reading->n_ips = n;
}

/* An interface of which a word makes a unit asks as all others do where it has no ip= of its own.
 */
static int give_ip(struct net_reading *reading, const char *name, struct failure *f)
{
	const struct net_ip *all = for_all(reading);
	struct net_ip ip = { .method = all ? all->method : NET_DHCP };
	bool other = net_links_carry(&reading->links, name) || (!all && reading->ret->ip);

	for (size_t i = 0; i < reading->n_ips; i++)
		other |= is_of(&reading->ips[i], name);
	if (other || !*name)
		return 0;
	if (all && all->address.family)
		return fail(f, EINVAL, "name its interface",
			    "ip=: the address is for any interface, and others are named too (%s)",
			    name);
	ip.interface = xstrdup(name);
	reading->ips = xreallocarray(reading->ips, reading->n_ips + 1, sizeof(*reading->ips));
	reading->ips[reading->n_ips++] = ip;
	return 0;
}

static int give_ips(struct net_reading *reading, struct failure *f)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < reading->links.n; i++)
		r = give_ip(reading, reading->links.links[i].name, f);
	for (char **route = reading->routes; r == 0 && route && *route; route += 2)
		r = give_ip(reading, route[1], f);
	return r;
}

/* Notes an interface that a word names, where the image's own files are to make it. */
static void find_made(struct net_reading *reading, const char *word, const char *name)
{
	char **pair = reading->ret->elsewhere;

	if (!net_links_lack(&reading->links, name))
		return;
	for (; pair && *pair; pair += 2)
		if (!strcmp(pair[1], name))
			return;
	strv_add(&reading->ret->elsewhere, xstrdup(word));
	strv_add(&reading->ret->elsewhere, xstrdup(name));
}

static void find_all_made(struct net_reading *reading)
{
	for (char **route = reading->routes; route && *route; route += 2)
		find_made(reading, "rd.route", route[1]);
	for (size_t i = 0; i < reading->links.n; i++)
		for (char **part = reading->links.links[i].below; *part; part++)
			find_made(reading, reading->links.links[i].word, *part);
	for (size_t i = 0; i < reading->n_ips; i++)
		find_made(reading, "ip", reading->ips[i].interface);
}

static int check_interfaces(const struct net_reading *reading, struct failure *f)
{
	int r = net_links_check(&reading->links, f);

	for (size_t i = 0; r == 0 && i < reading->n_ips; i++) {
		const char *name = reading->ips[i].interface;
		const char *master = net_links_master(&reading->links, name);

		if (master && (reading->ips[i].address.family || reading->ips[i].method))
			return fail(f, EINVAL, "give the address to what it is a part of",
				    "ip=: %s is a part of %s", name, master);
	}
	return r;
}

/* The generator takes the last method of an interface: all of them are asked for. */
static void join_methods(struct net_reading *reading)
{
	for (size_t i = 0; i < reading->n_ips; i++)
		for (size_t k = 0; k < reading->n_ips; k++)
			if (is_of(&reading->ips[k], reading->ips[i].interface))
				reading->ips[i].method = net_method_add(reading->ips[i].method,
									reading->ips[k].method);
}

static void set_address(char **text, const struct net_address *address)
{
	if (address->family)
		set_text(text, net_address_text(address));
}

/* What the units and others need of all ip=. */
static void sum_up(struct net_reading *reading)
{
	struct network_words *ret = reading->ret;

	ret->address = ret->dhcp = !reading->n_ips;
	for (size_t i = 0; i < reading->n_ips; i++) {
		struct net_ip *ip = &reading->ips[i];

		ret->address |= ip->address.family || ip->method != NET_NONE;
		ret->dhcp |= ip->method >= NET_DHCP;
		set_address(&ret->server, &ip->server);
		set_address(&ret->ntp, &ip->ntp);
		if (net_ip_is_onlink(ip))
			add_once(&ret->onlink, net_address_text(&ip->gateway));
		if (ip->hostname)
			set_text(&ret->hostname, xstrdup(ip->hostname));
		if (ip->mtu && is_of(ip, ""))
			set_text(&ret->mtu, xstrdup(ip->mtu));
		for (size_t k = 0; k < ARRAY_SIZE(ip->dns); k++)
			net_reading_add_dns(reading, &ip->dns[k]);
	}
	ret->bootif = STEAL(reading->bootif);
}

static void add_all(char ***to, char *const *words)
{
	for (; words && *words; words++)
		add_once(to, xstrdup(*words));
}

/* What holds for all interfaces. */
static void add_general(const struct net_reading *reading, char ***to)
{
	add_all(to, reading->dns);
	/* That of systemd 252 wants a colon behind an address in brackets. */
	for (char **route = reading->routes; route && *route; route += 2)
		if (!*route[1])
			add_once(to, xasprintf("rd.route=%s%s", route[0],
					       route[0][0] == '[' ? ":" : ""));
	if (reading->no_peerdns)
		add_once(to, xstrdup("rd.peerdns=0"));
}

static void add_ips(const struct net_reading *reading, char ***to, bool named)
{
	for (size_t i = 0; i < reading->n_ips; i++)
		if (named != is_of(&reading->ips[i], ""))
			add_once(to, net_ip_word(&reading->ips[i]));
}

/* The generator wants a gateway: a network on the link is for the unit. */
static void put_routes(struct net_reading *reading)
{
	struct network_words *ret = reading->ret;

	for (char **route = reading->routes; route && *route; route += 2) {
		size_t len = strlen(route[0]);

		if (*route[1] && route[0][len - 1] != ':') {
			add_once(&ret->words, xasprintf("rd.route=%s:%s", route[0], route[1]));
		} else if (*route[1]) {
			bool bracket = route[0][0] == '[';

			strv_add(&ret->direct, xstrdup(route[1]));
			strv_add(&ret->direct, bracket ? xstrndup(route[0] + 1, len - 3)
						       : xstrndup(route[0], len - 1));
		}
	}
}

/*
 * Where a word names an interface the generator drops what is for all others, all but servers of
 * names and routes: those take a second run.
 */
static void put_words(struct net_reading *reading)
{
	struct network_words *ret = reading->ret;
	bool all = for_all(reading) != NULL, named;

	add_all(&ret->words, reading->made);
	add_ips(reading, &ret->words, true);
	put_routes(reading);
	named = ret->words != NULL;
	for (char **pair = reading->links.names; pair && *pair; pair += 2)
		strv_add(&ret->words, xasprintf("ifname=%s:%s", pair[0], pair[1]));
	if (all && named)
		add_ips(reading, &ret->others, false);
	else if (all)
		add_ips(reading, &ret->words, false);
	add_general(reading, &ret->words);
	if (ret->others)
		add_general(reading, &ret->others);
}

int net_reading_settle(struct net_reading *reading, struct failure *f)
{
	int r;

	reading->ret->ip = reading->n_ips != 0;
	r = name_bootif(reading, f);
	if (r == 0) {
		give_gateway(reading);
		r = give_ips(reading, f);
	}
	if (r == 0)
		r = check_interfaces(reading, f);
	if (r < 0)
		return r;
	find_all_made(reading);
	join_methods(reading);
	sum_up(reading);
	put_words(reading);
	return 0;
}

void net_reading_done(struct net_reading *reading)
{
	for (size_t i = 0; i < reading->n_ips; i++)
		net_ip_done(&reading->ips[i]);
	free(reading->ips);
	net_links_done(&reading->links);
	strv_free(reading->made);
	strv_free(reading->dns);
	strv_free(reading->routes);
	free(reading->bootif);
	*reading = (struct net_reading){ 0 };
}
