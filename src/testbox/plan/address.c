// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/plan/address.h"

#include "src/common/macro.h"
#include "src/common/mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

static const uint8_t v4_prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

/* RFC 6890. Some clouds have their metadata beside link-local addresses. */
static const struct {
	const char *network;
	unsigned prefix;
	enum address_kind kind;
} kinds[] = {
	{ "127.0.0.0", ADDRESS_V4_BITS + 8, ADDRESS_LOOPBACK },
	{ "0.0.0.0", ADDRESS_V4_BITS + 8, ADDRESS_LOOPBACK },
	{ "::1", 128, ADDRESS_LOOPBACK },
	{ "::", 128, ADDRESS_LOOPBACK },
	{ "169.254.0.0", ADDRESS_V4_BITS + 16, ADDRESS_LINK },
	{ "fe80::", 10, ADDRESS_LINK },
	{ "100.100.100.200", ADDRESS_V4_BITS + 32, ADDRESS_LINK },
	{ "168.63.129.16", ADDRESS_V4_BITS + 32, ADDRESS_LINK },
	{ "192.0.0.192", ADDRESS_V4_BITS + 32, ADDRESS_LINK },
	{ "fd00:ec2::", 32, ADDRESS_LINK },
	{ "fd20:ce::", 32, ADDRESS_LINK },
};

/*
 * Networks whose addresses have an IPv4 address in them, to which a gateway or the kernel sends
 * what goes there: IPv4-compatible ones, NAT64 (RFC 6052, RFC 8215) and 6to4 (RFC 3056).
 */
static const struct {
	const char *network;
	unsigned prefix;
	size_t at; /* the first byte of the IPv4 address */
} carriers[] = {
	{ "::", 96, 12 },
	{ "64:ff9b::", 96, 12 },
	{ "64:ff9b:1::", 48, 12 },
	{ "2002::", 16, 2 },
};

struct address address_v4(const uint8_t bytes[4])
{
	struct address address;

	memcpy(address.bytes, v4_prefix, sizeof(v4_prefix));
	memcpy(address.bytes + sizeof(v4_prefix), bytes, 4);
	return address;
}

int address_read(const char *text, struct address *ret)
{
	uint8_t v4[4];

	if (inet_pton(AF_INET, text, v4) == 1) {
		*ret = address_v4(v4);
		return 0;
	}
	return inet_pton(AF_INET6, text, ret->bytes) == 1 ? 0 : -EINVAL;
}

int address_of_socket(const struct sockaddr *from, struct address *ret)
{
	if (from->sa_family == AF_INET)
		*ret = address_v4((const uint8_t *)&((const struct sockaddr_in *)from)->sin_addr);
	else if (from->sa_family == AF_INET6)
		memcpy(ret->bytes, &((const struct sockaddr_in6 *)from)->sin6_addr,
		       sizeof(ret->bytes));
	else
		return -EAFNOSUPPORT;
	return 0;
}

bool address_is_v4(const struct address *address)
{
	return !memcmp(address->bytes, v4_prefix, sizeof(v4_prefix));
}

bool address_matches(const struct address *a, const struct address *b, unsigned prefix)
{
	unsigned whole = prefix / 8, rest = prefix % 8;

	if (memcmp(a->bytes, b->bytes, whole) != 0)
		return false;
	return !rest || (a->bytes[whole] ^ b->bytes[whole]) >> (8 - rest) == 0;
}

static unsigned kind_itself(const struct address *address)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct address network;

		if (address_read(kinds[i].network, &network) == 0 &&
		    address_matches(address, &network, kinds[i].prefix))
			return kinds[i].kind;
	}
	return 0;
}

unsigned address_kind(const struct address *address)
{
	unsigned kind = kind_itself(address);

	for (size_t i = 0; !kind && i < ARRAY_SIZE(carriers); i++) {
		struct address network, inner = address_v4(address->bytes + carriers[i].at);

		if (address_read(carriers[i].network, &network) == 0 &&
		    address_matches(address, &network, carriers[i].prefix))
			kind = kind_itself(&inner);
	}
	return kind;
}

char *address_text(const struct address *address)
{
	char text[INET6_ADDRSTRLEN];

	if (address_is_v4(address))
		inet_ntop(AF_INET, address->bytes + sizeof(v4_prefix), text, sizeof(text));
	else
		inet_ntop(AF_INET6, address->bytes, text, sizeof(text));
	return xstrdup(text);
}
