// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/settings/network_parts.h"

#include "src/common/mem.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <net/if.h>
#include <string.h>

char **net_split(const char *value)
{
	char **parts = NULL;

	for (const char *c = value;; c++) {
		const char *start = c;

		for (bool inside = false; *c && (inside || *c != ':'); c++)
			inside = *c == '[' || (inside && *c != ']');
		strv_add(&parts, xstrndup(start, (size_t)(c - start)));
		if (!*c)
			return parts;
	}
}

bool net_is_interface(const char *text)
{
	if (!*text || strlen(text) >= IFNAMSIZ || !strcmp(text, ".") || !strcmp(text, ".."))
		return false;
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && !strchr("._-@", *text))
			return false;
	return true;
}

bool net_is_method(const char *text)
{
	return IS_ONE_OF(text, "none", "off", "on", "any", "dhcp", "dhcp6", "auto6", "either6",
			 "link6", "both", "link-local", "single-dhcp");
}

bool net_is_number(const char *text, unsigned long max)
{
	unsigned long number = 0;

	if (!*text)
		return false;
	for (; isdigit((unsigned char)*text) && number <= max; text++)
		number = number * 10 + (unsigned long)(*text - '0');
	return !*text && number <= max;
}

/* Gives the length of the address in bits, 0 for what is none. */
static unsigned address_bits(const char *text)
{
	size_t len = strlen(text);
	bool bracket = text[0] == '[';
	auto_free char *bare = NULL;
	struct in6_addr address;

	if (bracket && text[len - 1] != ']')
		return 0;
	bare = bracket ? xstrndup(text + 1, len - 2) : xstrdup(text);
	if (!bracket && inet_pton(AF_INET, bare, &address) == 1)
		return 32;
	return inet_pton(AF_INET6, bare, &address) == 1 ? 128 : 0;
}

bool net_is_address(const char *text)
{
	return address_bits(text) != 0;
}

bool net_is_prefix(const char *text)
{
	size_t len = strlen(text);
	/* [2001:db8::/32] is dracut's spelling. */
	bool bracket = text[0] == '[' && len > 1 && text[len - 1] == ']';
	auto_free char *bare = bracket ? xstrndup(text + 1, len - 2) : xstrdup(text);
	char *slash = strchr(bare, '/');
	unsigned bits;

	if (!slash)
		return false;
	*slash = '\0';
	bits = address_bits(bare);
	return bits && net_is_number(slash + 1, bits);
}

bool net_is_mask(const char *text)
{
	struct in_addr mask;

	if (net_is_number(text, 128))
		return true;
	if (inet_pton(AF_INET, text, &mask) != 1)
		return false;
	/* Ones, then zeros. */
	return (~ntohl(mask.s_addr) & (~ntohl(mask.s_addr) + 1)) == 0;
}

bool net_is_mac(const char *text)
{
	for (size_t i = 0; i < 17; i++)
		if (i % 3 == 2 ? text[i] != ':' : !isxdigit((unsigned char)text[i]))
			return false;
	return !text[17];
}

bool net_is_hostname(const char *text)
{
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && !strchr("-._", *text))
			return false;
	return true;
}

bool net_are_behind(char *const *parts, size_t i, size_t n)
{
	auto_free char *mac = NULL;

	if (i >= n)
		return true;
	/* A MAC is six parts. */
	if (n - i == 7) {
		mac = strv_join(parts + i + 1, ":");
		return (!*parts[i] || net_is_number(parts[i], 65535)) && net_is_mac(mac);
	}
	if (n - i == 1 && net_is_number(parts[i], 65535))
		return true;
	for (size_t k = i; k < n; k++)
		if (*parts[k] && !net_is_address(parts[k]))
			return false;
	return n - i <= 2;
}
