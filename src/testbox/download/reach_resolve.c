// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/download/reach_resolve.h"

#include "src/common/log.h"
#include "src/common/mem.h"

#include <netdb.h>
#include <string.h>

/* Calls `found` for each address of a host; a name that has none is logged. */
static void look_up(const char *host, void (*found)(void *arg, const struct address *address),
		    void *arg)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *list = NULL;
	struct address address;
	int error;

	if (address_read(host, &address) == 0) {
		found(arg, &address);
		return;
	}
	error = getaddrinfo(host, NULL, &hints, &list);
	if (error) {
		log_line(LOG_WARNING, "testbox: %s: no address is known: %s", host,
			 gai_strerror(error));
		return;
	}
	for (const struct addrinfo *at = list; at; at = at->ai_next)
		if (address_of_socket(at->ai_addr, &address) == 0)
			found(arg, &address);
	freeaddrinfo(list);
}

static void add_kind(void *arg, const struct address *address)
{
	*(unsigned *)arg |= address_kind(address);
}

unsigned reach_resolve_kinds(const char *url)
{
	struct reach reach = { 0 };
	unsigned kinds = 0;

	if (!url)
		return REACH_ALL_KINDS;
	reach_add_url(&reach, url);
	if (reach.n)
		look_up(reach.servers[0].host, add_kind, &kinds);
	reach_done(&reach);
	return kinds;
}

struct resolving {
	const struct reach_server *server;
	bool script;
	unsigned kinds;
	struct reach_rules *rules;
};

static void refuse(const struct resolving *resolving, const struct address *address)
{
	auto_free char *text = address_text(address);
	auto_free char *server = reach_server_text(resolving->server);

	log_line(LOG_WARNING,
		 "testbox: the script names %s (%s), an address of this host or its link; the "
		 "machine may not reach it (\"reach:\" in the host file allows it)",
		 server, text);
}

/* The network's base: the host's bits are 0 in a rule only by chance, and do not matter. */
static unsigned rule_prefix(const struct reach_server *server, const struct address *address)
{
	if (server->prefix < 0)
		return ADDRESS_BITS;
	return (unsigned)server->prefix + (address_is_v4(address) ? ADDRESS_V4_BITS : 0);
}

static void add_rule(void *arg, const struct address *address)
{
	const struct resolving *resolving = arg;
	const struct reach_server *server = resolving->server;
	bool loopback = reach_is_gateway(address) || address_kind(address) == ADDRESS_LOOPBACK;
	unsigned kind = loopback ? ADDRESS_LOOPBACK : address_kind(address);
	struct reach_rule rule = {
		.address = *address,
		.prefix = rule_prefix(server, address),
		.port = resolving->script && !loopback ? 0 : server->port,
	};

	/* "0.0.0.0/0" is each network, and not the loopback. */
	if (loopback && server->prefix >= 0 && server->prefix < 8)
		loopback = false;
	if (resolving->script && kind && (!(kind & resolving->kinds) || (loopback && !rule.port))) {
		refuse(resolving, address);
		return;
	}
	if (loopback) {
		rule.prefix = ADDRESS_BITS;
		(void)address_read(address_is_v4(address) ? REACH_GATEWAY : REACH_GATEWAY_V6,
				   &rule.address);
	}
	reach_rules_add(resolving->rules, &rule);
}

static void resolve(const struct reach *reach, struct resolving resolving)
{
	for (size_t i = 0; i < reach->n; i++) {
		resolving.server = &reach->servers[i];
		look_up(reach->servers[i].host, add_rule, &resolving);
	}
}

void reach_resolve_host(const struct reach *reach, struct reach_rules *rules)
{
	resolve(reach, (struct resolving){ .rules = rules });
}

void reach_resolve_script(const struct reach *reach, unsigned kinds, struct reach_rules *rules)
{
	resolve(reach, (struct resolving){ .script = true, .kinds = kinds, .rules = rules });
}

struct naming {
	const struct reach_server *server;
	const struct address *wanted;
	bool found;
};

static void compare(void *arg, const struct address *address)
{
	struct naming *naming = arg;

	if (address_kind(address) == address_kind(naming->wanted) &&
	    address_matches(address, naming->wanted, rule_prefix(naming->server, address)))
		naming->found = true;
}

bool reach_resolve_names(const struct reach *reach, const struct address *address, unsigned port)
{
	struct naming naming = { .wanted = address };

	for (size_t i = 0; i < reach->n; i++) {
		naming.server = &reach->servers[i];
		if (!naming.server->port || naming.server->port == port)
			look_up(naming.server->host, compare, &naming);
	}
	return reach->all || naming.found;
}
