// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/resolv_names.h"

#include "src/common/mem.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#define SERVERS_MAX 3	/* MAXNS of resolv.h */
#define SEARCH_MAX  6	/* MAXDNSRCH, and … */
#define SEARCH_LEN  256 /* … their length in all, of glibc before 2.26 */
#define NTP_MAX	    4
#define NAME_LEN    253
#define LABEL_LEN   63

bool resolv_name_is_valid(const char *name)
{
	size_t label = 0;

	if (strlen(name) > NAME_LEN)
		return false;
	for (const char *c = name; *c; c++) {
		bool hyphen = *c == '-';

		if (*c == '.' ? label == 0 || c[-1] == '-'
			      : !isalnum((unsigned char)*c) && *c != '_' && !hyphen)
			return false;
		if (hyphen && label == 0)
			return false;
		label = *c == '.' ? 0 : label + 1;
		if (label > LABEL_LEN)
			return false;
	}
	return label > 0 && name[strlen(name) - 1] != '-';
}

/* "address#name" or "address%scope" without what follows. Of a link-local one the scope counts. */
static void add_server(struct resolv_names *names, const char *word, unsigned index)
{
	auto_free char *bare = xstrndup(word, strcspn(word, "#%"));
	const char *scope = strchr(word, '%');
	char *server = NULL;
	struct in6_addr six;
	struct in_addr four;

	if (inet_pton(AF_INET, bare, &four) == 1) {
		if (four.s_addr != INADDR_ANY && !IN_MULTICAST(ntohl(four.s_addr)))
			server = xstrdup(bare);
	} else if (inet_pton(AF_INET6, bare, &six) == 1) {
		if (IN6_IS_ADDR_LINKLOCAL(&six) && index)
			server = xasprintf("%s%%%u", bare, index);
		else if (IN6_IS_ADDR_LINKLOCAL(&six) && scope && resolv_name_is_valid(scope + 1))
			server = xstrdup(word);
		else if (!IN6_IS_ADDR_LINKLOCAL(&six) && !IN6_IS_ADDR_UNSPECIFIED(&six) &&
			 !IN6_IS_ADDR_MULTICAST(&six))
			server = xstrdup(bare);
	}
	if (server && strv_len(names->servers) < SERVERS_MAX && !strv_has(names->servers, server))
		strv_add(&names->servers, STEAL(server));
	free(server);
}

static void add_domain(struct resolv_names *names, const char *word)
{
	size_t len = strlen(word);
	/* A dot at the end says that it is whole, as it is anyway. */
	auto_free char *name = xstrndup(word, len > 1 && word[len - 1] == '.' ? len - 1 : len);

	len = strlen(name);
	for (char **one = names->search; one && *one; one++)
		len += strlen(*one) + 1;
	if (resolv_name_is_valid(name) && len < SEARCH_LEN &&
	    strv_len(names->search) < SEARCH_MAX && !strv_has(names->search, name))
		strv_add(&names->search, STEAL(name));
}

static void add_ntp(struct resolv_names *names, const char *word)
{
	struct in6_addr six;

	if ((resolv_name_is_valid(word) || inet_pton(AF_INET6, word, &six) == 1) &&
	    strv_len(names->ntp) < NTP_MAX && !strv_has(names->ntp, word))
		strv_add(&names->ntp, xstrdup(word));
}

void resolv_names_take_link(struct resolv_names *names, const char *text, unsigned index)
{
	auto_strv char **lines = strv_split(text, "\n");

	for (char **line = lines; line && *line; line++) {
		char *equals = strchr(*line, '=');
		auto_strv char **words = equals ? strv_split(equals + 1, " ") : NULL;

		if (equals)
			*equals = '\0';
		for (char **word = words; word && *word; word++) {
			if (!strcmp(*line, "DNS"))
				add_server(names, *word, index);
			else if (!strcmp(*line, "DOMAINS"))
				add_domain(names, *word);
			else if (!strcmp(*line, "NTP"))
				add_ntp(names, *word);
		}
	}
}

void resolv_names_take_conf(struct resolv_names *names, const char *text)
{
	auto_strv char **lines = strv_split(text, "\n");

	for (char **line = lines; line && *line; line++) {
		auto_strv char **words = strv_split(*line, " \t\r");

		if (!words)
			continue;
		if (!strcmp(words[0], "nameserver") && words[1])
			add_server(names, words[1], 0);
		else if (!strcmp(words[0], "search") || !strcmp(words[0], "domain"))
			for (char **word = words + 1; *word; word++)
				add_domain(names, *word);
	}
}

char *resolv_names_conf(const struct resolv_names *names)
{
	auto_free char *servers = strv_join(names->servers, "\nnameserver ");
	auto_free char *search = strv_join(names->search, " ");

	if (!names->servers)
		return NULL;
	return xasprintf(RESOLV_HEAD "nameserver %s\n%s%s%s", servers, *search ? "search " : "",
			 search, *search ? "\n" : "");
}

void resolv_names_done(struct resolv_names *names)
{
	strv_free(names->servers);
	strv_free(names->search);
	strv_free(names->ntp);
	*names = (struct resolv_names){ 0 };
}
