// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/settings/network_links.h"

#include "src/common/mem.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

static const struct net_link *find(const struct net_links *links, const char *name)
{
	for (size_t i = 0; i < links->n; i++)
		if (!strcmp(links->links[i].name, name))
			return &links->links[i];
	return NULL;
}

static int twice(const char *word, const char *name, const char *why, struct failure *f)
{
	return fail(f, EINVAL, "leave one of them out", "%s=%s: %s", word, name, why);
}

static int check_new(const struct net_links *links, const struct net_link *new, struct failure *f)
{
	for (size_t i = 0; i < links->n; i++) {
		const struct net_link *link = &links->links[i];
		bool vlans = !strcmp(link->word, "vlan") && !strcmp(new->word, "vlan");

		if (vlans && link->id == new->id && !strcmp(link->below[0], new->below[0]))
			return twice(new->word, new->name, "another vlan= has the same number", f);
	}
	for (char **part = new->below; *part &&strcmp(new->word, "vlan") != 0; part++) {
		const char *master = net_links_master(links, *part);
		auto_free char *why = xasprintf("%s is a part of %s", *part, master ? master : "");

		if (master)
			return twice(new->word, new->name, why, f);
	}
	return strv_has(new->below, new->name) ? twice(new->word, new->name, "of itself", f) : 0;
}

static void link_done(struct net_link *link)
{
	free(link->value);
	free(link->name);
	strv_free(link->below);
}

int net_links_add(struct net_links *links, const char *word, const char *value, const char *below,
		  unsigned id, struct failure *f)
{
	struct net_link new = {
		.word = word,
		.value = xstrdup(value),
		.name = xstrndup(value, strcspn(value, ":")),
		.below = strv_split(below, ","),
		.id = id,
	};
	const struct net_link *there = find(links, new.name);
	int r;

	if (!there)
		r = check_new(links, &new, f);
	else if (!strcmp(there->word, word) && !strcmp(there->value, value))
		r = 0;
	else
		r = twice(word, new.name, "the name was given before", f);
	if (r < 0 || there) {
		link_done(&new);
		return r;
	}
	links->links = xreallocarray(links->links, links->n + 1, sizeof(*links->links));
	links->links[links->n++] = new;
	return 0;
}

int net_links_add_name(struct net_links *links, const char *name, const char *mac,
		       struct failure *f)
{
	for (char **pair = links->names; pair && *pair; pair += 2) {
		bool same_name = !strcmp(pair[0], name), same_mac = !strcasecmp(pair[1], mac);

		if (same_name && same_mac)
			return 0;
		if (same_name || same_mac)
			return twice("ifname", name,
				     same_name ? "the name was given to another card"
					       : "the card was given another name",
				     f);
	}
	strv_add(&links->names, xstrdup(name));
	strv_add(&links->names, xstrdup(mac));
	return 0;
}

void net_links_done(struct net_links *links)
{
	for (size_t i = 0; i < links->n; i++)
		link_done(&links->links[i]);
	free(links->links);
	strv_free(links->names);
	*links = (struct net_links){ 0 };
}

bool net_links_make(const struct net_links *links, const char *interface)
{
	return find(links, interface) != NULL;
}

const char *net_links_master(const struct net_links *links, const char *interface)
{
	for (size_t i = 0; i < links->n; i++)
		if (strcmp(links->links[i].word, "vlan") != 0 &&
		    strv_has(links->links[i].below, interface))
			return links->links[i].name;
	return NULL;
}

bool net_links_carry(const struct net_links *links, const char *interface)
{
	for (size_t i = 0; i < links->n; i++)
		if (strv_has(links->links[i].below, interface))
			return true;
	return false;
}

static bool has_name(const struct net_links *links, const char *interface)
{
	for (char **pair = links->names; pair && *pair; pair += 2)
		if (!strcmp(pair[0], interface))
			return true;
	return false;
}

/* bond0, br0, vlan5, eth0.5: the kernel calls no card so. */
static bool is_name_of_made(const char *interface)
{
	static const char *const begin[] = { "bond", "br", "vlan" };
	const char *number = strrchr(interface, '.');

	for (size_t i = 0; i < ARRAY_SIZE(begin) && !number; i++)
		if (!strncmp(interface, begin[i], strlen(begin[i])))
			number = interface + strlen(begin[i]) - 1;
	return number && number[1] && !number[1 + strspn(number + 1, "0123456789")];
}

bool net_links_lack(const struct net_links *links, const char *interface)
{
	return is_name_of_made(interface) && !find(links, interface) && !has_name(links, interface);
}

/* Can they be made one after another? Gives one that cannot, or NULL. */
static const struct net_link *made_of_itself(const struct net_links *links)
{
	auto_strv char **made = NULL;
	const struct net_link *waits = NULL;

	for (size_t round = 0; round <= links->n; round++) {
		waits = NULL;
		for (size_t i = 0; i < links->n; i++) {
			const struct net_link *link = &links->links[i];
			bool ready = !strv_has(made, link->name);

			for (char **part = link->below; ready && *part; part++)
				ready = !find(links, *part) || strv_has(made, *part);
			if (ready)
				strv_add(&made, xstrdup(link->name));
			else if (!strv_has(made, link->name))
				waits = link;
		}
	}
	return waits;
}

int net_links_check(const struct net_links *links, struct failure *f)
{
	const struct net_link *round = made_of_itself(links);

	if (round)
		return twice(round->word, round->name, "it is made of itself", f);
	for (size_t i = 0; i < links->n; i++)
		if (has_name(links, links->links[i].name))
			return twice(links->links[i].word, links->links[i].name,
				     "ifname= gives it to a card", f);
	return 0;
}
