// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/settings/host_name.h"

#include "src/common/mem.h"
#include "src/common/resolv_names.h"

#include <arpa/inet.h>
#include <string.h>

#define HOST_NAME_LEN 64  /* HOST_NAME_MAX */
#define ROOT_NAME_LEN 255 /* as much of the root's own is shown */

bool host_name_is_valid(const char *name)
{
	struct in_addr address;

	return strlen(name) <= HOST_NAME_LEN && !strchr(name, '_') && resolv_name_is_valid(name) &&
	       inet_pton(AF_INET, name, &address) != 1;
}

/* Does it tell this machine from others? */
static bool is_own(const char *name)
{
	return strcmp(name, "localhost") != 0 && strncmp(name, "localhost.", 10) != 0;
}

/* The name, the caller's; NULL: it is none. */
static char *take(const char *text, size_t len)
{
	auto_free char *name = xstrndup(text, len);

	return host_name_is_valid(name) && is_own(name) ? STEAL(name) : NULL;
}

/*
 * hostname(5): the first line that is neither empty nor a comment. What its owner wrote is not ours
 * to judge: systemd leaves out what it cannot take, and newer ones know patterns.
 */
static char *of_root(const char *text)
{
	auto_strv char **words = NULL, **lines = strv_split(text, "\n\r");

	for (char **line = lines; line && *line && !words; line++)
		if ((*line)[strspn(*line, " \t")] != '#')
			words = strv_split(*line, " \t");
	return words && is_own(words[0]) ? xstrndup(words[0], ROOT_NAME_LEN) : NULL;
}

enum host_name_source host_name_choose(const struct host_name_words *words, char **ret)
{
	if (words->asked) {
		*ret = xstrdup(words->asked);
		return HOST_NAME_ASKED;
	}
	*ret = words->root ? of_root(words->root) : NULL;
	if (*ret)
		return HOST_NAME_ROOT;
	*ret = words->line ? take(words->line, strlen(words->line)) : NULL;
	if (*ret)
		return HOST_NAME_LINE;
	if (words->lease) {
		size_t len = strlen(words->lease);

		if (len > 1 && words->lease[len - 1] == '.')
			len--;
		*ret = take(words->lease, len > HOST_NAME_LEN ? strcspn(words->lease, ".") : len);
	}
	return *ret ? HOST_NAME_LEASE : HOST_NAME_NONE;
}

const char *host_name_source(enum host_name_source source)
{
	static const char *const names[] = {
		[HOST_NAME_ROOT] = "the root's own",  [HOST_NAME_ASKED] = "rootovl.hostname=",
		[HOST_NAME_LINE] = "the kernel line", [HOST_NAME_LEASE] = "the DHCP lease",
		[HOST_NAME_NONE] = "nobody named it",
	};

	return names[source];
}
