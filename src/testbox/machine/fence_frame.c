// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/fence_frame.h"

#include <netinet/icmp6.h>
#include <netinet/if_ether.h>
#include <netinet/in.h>
#include <string.h>

#define DNS_PORT	   53
#define DHCP_SERVER_PORT   67
#define DHCPV6_SERVER_PORT 547
#define IPV4_HEADER_MIN	   20
#define IPV6_HEADER	   40
#define ARP_LEN		   28
#define PORTS_LEN	   4

static unsigned get16(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

/* What a packet says of itself; the same for IPv4 and IPv6. */
struct packet {
	struct fence_target to;
	unsigned protocol;
	bool fragment;
	const uint8_t *data; /* behind the header */
	size_t len;
};

static bool is(const struct address *address, const char *text)
{
	struct address other;

	return address_read(text, &other) == 0 && address_matches(address, &other, ADDRESS_BITS);
}

static bool has_ports(const struct packet *packet)
{
	return packet->protocol == IPPROTO_TCP || packet->protocol == IPPROTO_UDP;
}

/* The rules, for what is not one of the network's own services. */
static enum fence_verdict by_rules(const struct reach_rules *rules, const struct packet *packet)
{
	bool known = has_ports(packet) || packet->protocol == IPPROTO_ICMP ||
		     packet->protocol == IPPROTO_ICMPV6;

	if (!known)
		return FENCE_DROP;
	return reach_rules_allow(rules, &packet->to.address, packet->to.port) ? FENCE_PASS
									      : FENCE_REFUSE;
}

/* Reads the port of TCP and UDP. False: the packet is too short to have one. */
static bool read_port(struct packet *packet)
{
	if (!has_ports(packet) || packet->fragment)
		return true;
	if (packet->len < PORTS_LEN)
		return false;
	packet->to.port = get16(packet->data + 2);
	return packet->to.port != 0;
}

static bool read_v4(const uint8_t *at, size_t len, struct packet *packet)
{
	size_t header, total;

	if (len < IPV4_HEADER_MIN || at[0] >> 4 != 4)
		return false;
	header = (size_t)(at[0] & 15) * 4;
	total = get16(at + 2);
	if (header < IPV4_HEADER_MIN || total < header || total > len)
		return false;
	*packet = (struct packet){
		.to.address = address_v4(at + 16),
		.protocol = at[9],
		.fragment = get16(at + 6) & 0x3fff, /* more of them, or an offset */
		.data = at + header,
		.len = total - header,
	};
	return read_port(packet);
}

static bool is_reserved_v4(const struct address *address)
{
	uint8_t first = address->bytes[12];

	return first == 0 || first == 127 || first >= 224;
}

/* Broadcasts would reach the host's loopback, but for DHCP, which the network answers itself. */
static enum fence_verdict look_v4(const struct reach_rules *rules, const struct packet *packet)
{
	const struct address *to = &packet->to.address;
	bool gateway = is(to, REACH_GATEWAY), nameserver = is(to, REACH_NAMESERVER);

	if (packet->protocol == IPPROTO_UDP && packet->to.port == DHCP_SERVER_PORT &&
	    (gateway || is(to, "255.255.255.255")))
		return FENCE_PASS;
	if (is_reserved_v4(to) || packet->protocol == IPPROTO_ICMPV6)
		return FENCE_DROP;
	if ((gateway || nameserver) && packet->protocol == IPPROTO_ICMP && !packet->fragment)
		return FENCE_PASS;
	if (nameserver)
		return has_ports(packet) && packet->to.port == DNS_PORT ? FENCE_PASS : FENCE_DROP;
	return by_rules(rules, packet);
}

/* The user network takes no packet with further headers between this one and TCP, UDP, ICMP. */
static bool read_v6(const uint8_t *at, size_t len, struct packet *packet)
{
	if (len < IPV6_HEADER || at[0] >> 4 != 6 || get16(at + 4) > len - IPV6_HEADER)
		return false;
	*packet = (struct packet){
		.protocol = at[6],
		.data = at + IPV6_HEADER,
		.len = get16(at + 4),
	};
	memcpy(packet->to.address.bytes, at + 24, sizeof(packet->to.address.bytes));
	return read_port(packet);
}

static bool is_discovery(const struct packet *packet)
{
	return packet->protocol == IPPROTO_ICMPV6 && packet->len &&
	       packet->data[0] >= ND_ROUTER_SOLICIT && packet->data[0] <= ND_NEIGHBOR_ADVERT;
}

/* Multicast, link-local, and what a socket of IPv6 would take for an address of IPv4. */
static bool is_reserved_v6(const struct address *address)
{
	static const uint8_t zeros[10];

	return address->bytes[0] == 0xff ||
	       (address->bytes[0] == 0xfe && (address->bytes[1] & 0xc0) == 0x80) ||
	       !memcmp(address->bytes, zeros, sizeof(zeros));
}

static enum fence_verdict look_v6(const struct reach_rules *rules, const struct packet *packet)
{
	const struct address *to = &packet->to.address;
	bool gateway = is(to, REACH_GATEWAY_V6), nameserver = is(to, REACH_NAMESERVER6);

	if (is_discovery(packet))
		return FENCE_PASS;
	if (packet->protocol == IPPROTO_UDP && packet->to.port == DHCPV6_SERVER_PORT &&
	    is(to, "ff02::1:2"))
		return FENCE_PASS;
	if (is_reserved_v6(to) || packet->protocol == IPPROTO_ICMP)
		return FENCE_DROP;
	if ((gateway || nameserver) && packet->protocol == IPPROTO_ICMPV6)
		return FENCE_PASS;
	if (nameserver)
		return has_ports(packet) && packet->to.port == DNS_PORT ? FENCE_PASS : FENCE_DROP;
	return by_rules(rules, packet);
}

enum fence_verdict fence_frame_look(const struct reach_rules *rules, const uint8_t *frame,
				    size_t len, struct fence_target *ret_to)
{
	enum fence_verdict verdict = FENCE_DROP;
	struct packet packet = { 0 };

	if (len < ETH_HLEN)
		return FENCE_DROP;
	switch (get16(frame + ETH_HLEN - 2)) {
	case ETH_P_ARP:
		return len >= ETH_HLEN + ARP_LEN ? FENCE_PASS : FENCE_DROP;
	case ETH_P_IP:
		if (read_v4(frame + ETH_HLEN, len - ETH_HLEN, &packet))
			verdict = look_v4(rules, &packet);
		break;
	case ETH_P_IPV6:
		if (read_v6(frame + ETH_HLEN, len - ETH_HLEN, &packet))
			verdict = look_v6(rules, &packet);
		break;
	}
	*ret_to = packet.to;
	return verdict;
}
