// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/fence_refusal.h"

#include <arpa/inet.h>
#include <net/ethernet.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <string.h>

#define TTL 64

/* The sum of RFC 1071, over whole 16-bit words. */
static uint32_t sum_words(const void *data, size_t len)
{
	const uint8_t *at = data;
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)at[i] << 8 | at[i + 1];
	return sum;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

/* The answer's TCP header; `addresses` are both of them, for the sum. False: no new connection. */
static bool refuse(const struct tcphdr *asked, const void *addresses, size_t len,
		   struct tcphdr *ret)
{
	if (!asked->syn || asked->ack || asked->rst)
		return false;
	*ret = (struct tcphdr){
		.source = asked->dest,
		.dest = asked->source,
		.ack_seq = htonl(ntohl(asked->seq) + 1),
		.doff = sizeof(*ret) / 4,
		.rst = 1,
		.ack = 1,
	};
	ret->check = fold(sum_words(addresses, len) + sum_words(ret, sizeof(*ret)) + IPPROTO_TCP +
			  sizeof(*ret));
	return true;
}

static size_t refuse_v4(const uint8_t *at, size_t len, uint8_t *ret)
{
	struct tcphdr asked, tcp;
	struct iphdr ip, answer;

	memcpy(&ip, at, sizeof(ip));
	if (ip.protocol != IPPROTO_TCP || (ntohs(ip.frag_off) & 0x3fff) ||
	    len < ip.ihl * 4 + sizeof(asked) || ntohs(ip.tot_len) < ip.ihl * 4 + sizeof(asked))
		return 0;
	memcpy(&asked, at + ip.ihl * 4, sizeof(asked));
	answer = (struct iphdr){
		.version = 4,
		.ihl = sizeof(answer) / 4,
		.tot_len = htons(sizeof(answer) + sizeof(tcp)),
		.ttl = TTL,
		.protocol = IPPROTO_TCP,
		.saddr = ip.daddr,
		.daddr = ip.saddr,
	};
	if (!refuse(&asked, &answer.saddr, 8, &tcp))
		return 0;
	answer.check = fold(sum_words(&answer, sizeof(answer)));
	memcpy(ret, &answer, sizeof(answer));
	memcpy(ret + sizeof(answer), &tcp, sizeof(tcp));
	return sizeof(answer) + sizeof(tcp);
}

static size_t refuse_v6(const uint8_t *at, size_t len, uint8_t *ret)
{
	struct tcphdr asked, tcp;
	struct ip6_hdr ip, answer = { 0 };

	memcpy(&ip, at, sizeof(ip));
	if (ip.ip6_nxt != IPPROTO_TCP || len < sizeof(ip) + sizeof(asked) ||
	    ntohs(ip.ip6_plen) < sizeof(asked))
		return 0;
	memcpy(&asked, at + sizeof(ip), sizeof(asked));
	answer.ip6_flow = htonl(6u << 28);
	answer.ip6_plen = htons(sizeof(tcp));
	answer.ip6_nxt = IPPROTO_TCP;
	answer.ip6_hlim = TTL;
	answer.ip6_src = ip.ip6_dst;
	answer.ip6_dst = ip.ip6_src;
	if (!refuse(&asked, &answer.ip6_src, 32, &tcp))
		return 0;
	memcpy(ret, &answer, sizeof(answer));
	memcpy(ret + sizeof(answer), &tcp, sizeof(tcp));
	return sizeof(answer) + sizeof(tcp);
}

size_t fence_refusal_make(const uint8_t *frame, size_t len, uint8_t ret[FENCE_REFUSAL_MAX])
{
	const uint8_t *at = frame + ETH_HLEN;
	size_t n = 0;

	if (frame[12] == 0x08 && frame[13] == 0x00)
		n = refuse_v4(at, len - ETH_HLEN, ret + ETH_HLEN);
	else if (frame[12] == 0x86 && frame[13] == 0xdd)
		n = refuse_v6(at, len - ETH_HLEN, ret + ETH_HLEN);
	if (!n)
		return 0;
	memcpy(ret, frame + ETH_ALEN, ETH_ALEN);
	memcpy(ret + ETH_ALEN, frame, ETH_ALEN);
	memcpy(ret + 12, frame + 12, 2);
	return ETH_HLEN + n;
}
