// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/plan/reach.h"

#include "src/common/macro.h"
#include "src/common/mem.h"
#include "src/testbox/plan/address.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#define PORT_MAX     65535
#define NAME_MAX_LEN 253 /* of DNS */

static bool read_number(const char *text, unsigned max, unsigned *ret)
{
	unsigned n = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		if (!isdigit((unsigned char)*text))
			return false;
		n = n * 10 + (unsigned)(*text - '0');
		if (n > max)
			return false;
	}
	*ret = n;
	return true;
}

static bool is_host(const char *host)
{
	struct address address;
	size_t len = strlen(host);

	if (address_read(host, &address) == 0)
		return true;
	if (len == 0 || len > NAME_MAX_LEN || !isalnum((unsigned char)*host))
		return false;
	return strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._") ==
	       len;
}

static void add(struct reach *reach, const char *host, unsigned port, int prefix)
{
	for (size_t i = 0; i < reach->n; i++) {
		const struct reach_server *server = &reach->servers[i];

		if (!strcmp(server->host, host) && server->port == port && server->prefix == prefix)
			return;
	}
	reach->servers = xreallocarray(reach->servers, reach->n + 1, sizeof(*reach->servers));
	reach->servers[reach->n++] = (struct reach_server){
		.host = xstrdup(host),
		.port = port,
		.prefix = prefix,
	};
}

void reach_add(struct reach *reach, const char *host, unsigned port)
{
	if (is_host(host) && port <= PORT_MAX)
		add(reach, host, port, -1);
}

static int read_network(struct reach *reach, char *word)
{
	char *slash = strchr(word, '/');
	struct address address;
	unsigned prefix;

	*slash = '\0';
	if (address_read(word, &address) < 0 ||
	    !read_number(slash + 1, address_is_v4(&address) ? 32 : 128, &prefix))
		return -EINVAL;
	add(reach, word, 0, (int)prefix);
	return 0;
}

/* Cuts "HOST", "HOST:PORT", "[V6]", "[V6]:PORT" and "V6" at the end of the host. */
static int split(char *word, char **ret_host, const char **ret_port)
{
	char *end = *word == '[' ? strchr(word, ']') : NULL, *colon = strchr(word, ':');

	*ret_port = NULL;
	*ret_host = word;
	if (*word == '[') {
		if (!end || (end[1] && end[1] != ':'))
			return -EINVAL;
		*end = '\0';
		*ret_host = word + 1;
		*ret_port = end[1] ? end + 2 : NULL;
	} else if (colon && colon == strrchr(word, ':')) {
		*colon = '\0';
		*ret_port = colon + 1;
	}
	return 0;
}

int reach_read(struct reach *reach, const char *word)
{
	auto_free char *copy = xstrdup(word);
	const char *port_text;
	unsigned port = 0;
	char *host;

	if (!strcmp(word, REACH_ALL)) {
		reach->all = true;
		return 0;
	}
	if (strchr(word, '/'))
		return read_network(reach, copy);
	if (split(copy, &host, &port_text) < 0 || !is_host(host) ||
	    (port_text && (!read_number(port_text, PORT_MAX, &port) || !port)))
		return -EINVAL;
	add(reach, host, port, -1);
	return 0;
}

static unsigned scheme_port(const char *scheme, size_t len)
{
	static const struct {
		const char *scheme;
		unsigned port;
	} ports[] = {
		{ "http", 80 },	  { "ws", 80 },	   { "https", 443 },
		{ "wss", 443 },	  { "cifs", 445 }, { "nfs", 2049 },
		{ "nbd", 10809 }, { "tftp", 69 },  { "ftp", 21 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(ports); i++)
		if (strlen(ports[i].scheme) == len && !strncmp(ports[i].scheme, scheme, len))
			return ports[i].port;
	return 0;
}

void reach_add_url(struct reach *reach, const char *url)
{
	const char *sign = strstr(url, "://"), *begin = sign, *port_text;
	auto_free char *authority = NULL;
	char *host, *at;
	unsigned port;

	if (!sign)
		return;
	while (begin > url && isalnum((unsigned char)begin[-1]))
		begin--;
	port = scheme_port(begin, (size_t)(sign - begin));
	authority = xstrndup(sign + 3, strcspn(sign + 3, "/?#,"));
	at = strrchr(authority, '@');
	if (split(at ? at + 1 : authority, &host, &port_text) < 0 ||
	    (port_text && *port_text && !read_number(port_text, PORT_MAX, &port)))
		return;
	reach_add(reach, host, port);
}

char *reach_server_text(const struct reach_server *server)
{
	bool v6 = strchr(server->host, ':');

	if (server->prefix >= 0)
		return xasprintf("%s/%d", server->host, server->prefix);
	if (!server->port)
		return xstrdup(server->host);
	return xasprintf(v6 ? "[%s]:%u" : "%s:%u", server->host, server->port);
}

char *reach_text(const struct reach *reach)
{
	auto_strv char **words = NULL;

	if (reach->all)
		return xstrdup(REACH_ALL);
	for (size_t i = 0; i < reach->n; i++)
		strv_add(&words, reach_server_text(&reach->servers[i]));
	return words ? strv_join(words, ", ") : xstrdup("");
}

void reach_done(struct reach *reach)
{
	for (size_t i = 0; i < reach->n; i++)
		free(reach->servers[i].host);
	free(reach->servers);
	*reach = (struct reach){ 0 };
}
