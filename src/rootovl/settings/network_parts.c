// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/settings/network_parts.h"

#include "src/common/mem.h"
#include "src/rootovl/settings/host_name.h"

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
	struct net_address address;

	if (!*text || strlen(text) >= IFNAMSIZ || net_address_parse(&address, text) ||
	    IS_ONE_OF(text, ".", "..", "lo", "all", "default"))
		return false;
	if (!text[strspn(text, "0123456789")])
		return false;
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && !strchr("._-@", *text))
			return false;
	return true;
}

bool net_is_number(const char *text, unsigned long min, unsigned long max)
{
	unsigned long number = 0;

	if (!*text || (text[0] == '0' && text[1]))
		return false;
	for (; isdigit((unsigned char)*text) && number <= max; text++)
		number = number * 10 + (unsigned long)(*text - '0');
	return !*text && number >= min && number <= max;
}

bool net_is_mac(const char *text)
{
	for (size_t i = 0; i < 17; i++)
		if (i % 3 == 2 ? text[i] != ':' : !isxdigit((unsigned char)text[i]))
			return false;
	/* One with an odd first byte is of a group, and a card of zeros is none. */
	return !text[17] && strchr("02468aceACE", text[1]) && text[strspn(text, "0:")];
}

bool net_is_hostname(const char *text)
{
	return !*text || host_name_is_valid(text);
}

bool net_address_parse(struct net_address *ret, const char *text)
{
	size_t len = strlen(text);
	bool bracket = text[0] == '[';
	auto_free char *bare = NULL;

	*ret = (struct net_address){ 0 };
	if (bracket && (len < 2 || text[len - 1] != ']'))
		return false;
	bare = bracket ? xstrndup(text + 1, len - 2) : xstrdup(text);
	if (!bracket && inet_pton(AF_INET, bare, ret->bytes) == 1)
		ret->family = AF_INET;
	else if (inet_pton(AF_INET6, bare, ret->bytes) == 1)
		ret->family = AF_INET6;
	return ret->family != 0;
}

static bool is_unspecified(const struct net_address *address)
{
	static const unsigned char zeros[16];

	return !memcmp(address->bytes, zeros, address->family == AF_INET ? 4 : 16);
}

/* Neither of a group nor of the machine itself. */
static bool is_machine(const struct net_address *address)
{
	static const struct net_address itself = { AF_INET6, { [15] = 1 } };

	if (address->family == AF_INET)
		return address->bytes[0] != 0 && address->bytes[0] != 127 &&
		       address->bytes[0] < 224;
	return address->bytes[0] != 0xff && !net_address_is(address, &itself);
}

bool net_address_parse_machine(struct net_address *ret, const char *text)
{
	*ret = (struct net_address){ 0 };
	if (!*text)
		return true;
	if (!net_address_parse(ret, text))
		return false;
	if (is_unspecified(ret)) {
		*ret = (struct net_address){ 0 };
		return true;
	}
	return is_machine(ret);
}

char *net_address_text(const struct net_address *address)
{
	char text[INET6_ADDRSTRLEN] = "";

	if (address->family)
		inet_ntop(address->family, address->bytes, text, sizeof(text));
	return xstrdup(text);
}

bool net_address_is(const struct net_address *one, const struct net_address *other)
{
	return one->family == other->family && !memcmp(one->bytes, other->bytes, 16);
}

bool net_address_is_within(const struct net_address *address, const struct net_address *network,
			   unsigned prefix)
{
	unsigned rest = 8 - prefix % 8;

	if (address->family != network->family ||
	    memcmp(address->bytes, network->bytes, prefix / 8) != 0)
		return false;
	return prefix % 8 == 0 ||
	       address->bytes[prefix / 8] >> rest == network->bytes[prefix / 8] >> rest;
}

bool net_address_is_link_local(const struct net_address *address)
{
	return address->family == AF_INET6 && address->bytes[0] == 0xfe &&
	       (address->bytes[1] & 0xc0) == 0x80;
}

bool net_mask_parse(unsigned *ret, const char *text, const struct net_address *address)
{
	bool v4 = address->family == AF_INET;
	struct net_address mask;
	uint32_t host;

	if (net_is_number(text, 1, v4 ? 32 : 128)) {
		*ret = (unsigned)strtoul(text, NULL, 10);
		return true;
	}
	if (!v4)
		return false;
	if (!*text || !strcmp(text, "0.0.0.0")) {
		*ret = address->bytes[0] < 128 ? 8 : address->bytes[0] < 192 ? 16 : 24;
		return true;
	}
	if (!net_address_parse(&mask, text) || mask.family != AF_INET)
		return false;
	host = ~((uint32_t)mask.bytes[0] << 24 | (uint32_t)mask.bytes[1] << 16 |
		 (uint32_t)mask.bytes[2] << 8 | mask.bytes[3]);
	/* Ones, then zeros. */
	*ret = host ? (unsigned)__builtin_clz(host) : 32;
	return (host & (host + 1)) == 0;
}

char *net_prefix_parse(struct net_address *ret, const char *text)
{
	size_t len = strlen(text);
	/* [2001:db8::/32] is dracut's spelling. */
	bool bracket = text[0] == '[' && text[len - 1] == ']';
	auto_free char *bare = bracket ? xstrndup(text + 1, len - 2) : xstrdup(text);
	auto_free char *address = NULL;
	char *slash = strchr(bare, '/');

	if (!slash)
		return NULL;
	*slash++ = '\0';
	if (!net_address_parse(ret, bare) ||
	    !net_is_number(slash, 0, ret->family == AF_INET ? 32 : 128))
		return NULL;
	address = net_address_text(ret);
	return xasprintf(ret->family == AF_INET ? "%s/%s" : "[%s/%s]", address, slash);
}
