// SPDX-License-Identifier: GPL-2.0-or-later
/* Frames of a machine: what goes on into the user network, and what does not. */
#include "src/testbox/machine/fence_frame.h"
#include "src/common/mem.h"
#include "src/testbox/machine/fence_refusal.h"
#include "tests/unit/testbox/machine/frames.h"
#include "tests/unit/unit.h"

#include <string.h>

/* One server with all ports, one with a port, one port of the host's loopback. */
static const char *const texts[] = { "10.1.1.1/128:0", "10.2.2.2/128:80", "10.0.2.2/128:4450",
				     "fd00::1/128:0", "fec0::2/128:4450" };

static struct reach_rules rules;

int unit_set_up(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct reach_rule rule;

		assert_int_equal(reach_rule_read(texts[i], &rule), 0);
		reach_rules_add(&rules, &rule);
	}
	return 0;
}

int unit_tear_down(void **state)
{
	(void)state;
	reach_rules_done(&rules);
	return 0;
}

/* From a copy of the frame's own size, so that reading behind it is seen. */
static enum fence_verdict look(const struct frame *frame)
{
	auto_free uint8_t *copy = xcalloc(frame->len ? frame->len : 1, 1);
	struct fence_target to;

	memcpy(copy, frame->data, frame->len);
	return fence_frame_look(&rules, copy, frame->len, &to);
}

static enum fence_verdict look_packet(const char *to, int protocol, unsigned port)
{
	struct frame frame = frame_make(to, protocol, port);

	return look(&frame);
}

#define TCP  IPPROTO_TCP
#define UDP  IPPROTO_UDP
#define ICMP IPPROTO_ICMP

TEST(servers_of_the_rules_pass)
{
	assert_int_equal(look_packet("10.1.1.1", TCP, 22), FENCE_PASS);
	assert_int_equal(look_packet("10.1.1.1", UDP, 1), FENCE_PASS);
	assert_int_equal(look_packet("10.1.1.1", ICMP, 0), FENCE_PASS);
	assert_int_equal(look_packet("10.2.2.2", TCP, 80), FENCE_PASS);
	assert_int_equal(look_packet("10.0.2.2", TCP, 4450), FENCE_PASS);
	assert_int_equal(look_packet("fd00::1", TCP, 22), FENCE_PASS);
	assert_int_equal(look_packet("fd00::1", IPPROTO_ICMPV6, 0), FENCE_PASS);
	assert_int_equal(look_packet("fec0::2", TCP, 4450), FENCE_PASS);
}

TEST(others_do_not)
{
	static const char *const others[] = { "10.1.1.2",	"192.168.1.1", "169.254.169.254",
					      "8.8.8.8",	"10.0.2.15",   "fd00::2",
					      "2001:db8::1",	"::2:0:0:1",   "10.0.2.2",
					      "64:ff9b::7f00:1" };

	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		assert_int_not_equal(look_packet(others[i], TCP, 80), FENCE_PASS);
		assert_int_not_equal(look_packet(others[i], UDP, 53), FENCE_PASS);
	}
	assert_int_equal(look_packet("10.2.2.2", TCP, 81), FENCE_REFUSE);
	assert_int_equal(look_packet("10.2.2.2", ICMP, 0), FENCE_REFUSE);
	assert_int_equal(look_packet("10.0.2.2", TCP, 8602), FENCE_REFUSE);
	assert_int_equal(look_packet("fec0::2", TCP, 8602), FENCE_REFUSE);
	assert_int_equal(look_packet("10.1.1.1", 132, 80), FENCE_DROP);
}

TEST(what_would_become_the_loopback_is_dropped)
{
	static const char *const others[] = { "127.0.0.1",   "0.0.0.0", "255.255.255.255",
					      "224.0.0.1",   "::1",	"::",
					      "::127.0.0.1", "ff02::1", "fe80::2" };

	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		assert_int_equal(look_packet(others[i], TCP, 4450), FENCE_DROP);
		assert_int_equal(look_packet(others[i], UDP, 4450), FENCE_DROP);
	}
	struct frame mapped = frame_make("fd00::1", TCP, 80);

	memset(mapped.data + 14 + 24, 0, 10);
	memcpy(mapped.data + 14 + 34, "\xff\xff\x0a\x01\x01\x01", 6);
	assert_int_equal(look(&mapped), FENCE_DROP);
}

TEST(the_network_s_own_services_pass)
{
	struct frame arp = { .len = 42 };

	memcpy(arp.data + 12, "\x08\x06", 2);
	assert_int_equal(look(&arp), FENCE_PASS);
	arp.len = 41;
	assert_int_equal(look(&arp), FENCE_DROP);
	assert_int_equal(look_packet("255.255.255.255", UDP, 67), FENCE_PASS);
	assert_int_equal(look_packet("255.255.255.255", TCP, 67), FENCE_DROP);
	assert_int_equal(look_packet("10.0.2.2", UDP, 67), FENCE_PASS);
	assert_int_equal(look_packet("10.0.2.2", ICMP, 0), FENCE_PASS);
	assert_int_equal(look_packet("10.0.2.3", UDP, 53), FENCE_PASS);
	assert_int_equal(look_packet("10.0.2.3", TCP, 53), FENCE_PASS);
	assert_int_equal(look_packet("10.0.2.3", UDP, 54), FENCE_DROP);
	assert_int_equal(look_packet("fec0::3", UDP, 53), FENCE_PASS);
	assert_int_equal(look_packet("fec0::3", UDP, 54), FENCE_DROP);
	assert_int_equal(look_packet("ff02::1:2", UDP, 547), FENCE_PASS);
	for (uint8_t type = 0; type < 255; type++) {
		struct frame discovery = frame_make("ff02::2", IPPROTO_ICMPV6, 0);

		discovery.data[14 + 40] = type;
		assert_int_equal(look(&discovery),
				 type >= 133 && type <= 136 ? FENCE_PASS : FENCE_DROP);
	}
}

TEST(a_fragment_passes_where_each_port_does)
{
	static const unsigned offsets[] = { 0x2000, 0x0001, 0x2001, 0x1fff };

	for (size_t i = 0; i < ARRAY_SIZE(offsets); i++) {
		struct frame all = frame_make("10.1.1.1", UDP, 80);
		struct frame one = frame_make("10.2.2.2", UDP, 80);
		struct frame dns = frame_make("10.0.2.3", UDP, 53);
		struct frame dhcp = frame_make("255.255.255.255", UDP, 67);

		frame_set16(&all, 14 + 6, offsets[i]);
		frame_set16(&one, 14 + 6, offsets[i]);
		frame_set16(&dns, 14 + 6, offsets[i]);
		frame_set16(&dhcp, 14 + 6, offsets[i]);
		assert_int_equal(look(&all), FENCE_PASS);
		assert_int_equal(look(&one), FENCE_REFUSE);
		assert_int_equal(look(&dns), FENCE_DROP);
		assert_int_equal(look(&dhcp), FENCE_DROP);
	}
	/* "Do not fragment" is none. */
	struct frame whole = frame_make("10.2.2.2", TCP, 80);

	frame_set16(&whole, 14 + 6, 0x4000);
	assert_int_equal(look(&whole), FENCE_PASS);
}

TEST(the_port_is_behind_the_options)
{
	struct frame frame = frame_make("10.2.2.2", TCP, 80);

	/* Eight bytes of options, which look like the allowed port where there are none. */
	frame.data[14] = 0x47;
	memset(frame.data + 14 + 28, 0, 20);
	frame_set16(&frame, 14 + 30, 22);
	frame_set16(&frame, 14 + 2, 48);
	frame.len = 14 + 48;
	assert_int_equal(look(&frame), FENCE_REFUSE);
	frame_set16(&frame, 14 + 30, 80);
	assert_int_equal(look(&frame), FENCE_PASS);
}

TEST(broken_frames_are_dropped)
{
	static const uint8_t types[][2] = {
		{ 0x81, 0 }, { 0x88, 0xf8 }, { 0, 40 }, { 0x86, 0xdd }
	};
	const struct frame good = frame_make("10.1.1.1", TCP, 80);
	struct frame frame = good;

	for (frame.len = 0; frame.len < good.len; frame.len++)
		assert_int_equal(look(&frame), FENCE_DROP);
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		frame = good;
		memcpy(frame.data + 12, types[i], 2);
		assert_int_equal(look(&frame), FENCE_DROP);
	}
	frame = good;
	frame.data[14] = 0x44; /* a header of 16 bytes */
	assert_int_equal(look(&frame), FENCE_DROP);
	frame = good;
	frame_set16(&frame, 14 + 2, 23); /* the port is cut */
	assert_int_equal(look(&frame), FENCE_DROP);
	frame = frame_make("fd00::1", TCP, 80);
	frame.data[14 + 6] = 0; /* hop-by-hop options */
	assert_int_equal(look(&frame), FENCE_DROP);
}

TEST(a_refused_connection_is_answered)
{
	struct frame frame = frame_make("10.9.9.9", TCP, 80);
	uint8_t answer[FENCE_REFUSAL_MAX];

	assert_int_equal(fence_refusal_make(frame.data, frame.len, answer), 14 + 40);
	assert_memory_equal(answer + 14 + 12, frame.data + 14 + 16, 4); /* from whom was asked */
	assert_memory_equal(answer + 14 + 20, frame.data + 14 + 22, 2); /* and his port */
	assert_int_equal(answer[14 + 20 + 13], 0x14);			/* RST, ACK */
	assert_int_equal(frame_sum(answer + 14, 20), 0xffff);
	frame = frame_make("fd00::9", TCP, 80);
	assert_int_equal(fence_refusal_make(frame.data, frame.len, answer), 14 + 60);
	frame = frame_make("10.9.9.9", UDP, 80);
	assert_int_equal(fence_refusal_make(frame.data, frame.len, answer), 0);
	frame = frame_make("10.9.9.9", TCP, 80);
	frame.data[14 + 20 + 13] = 0x10; /* of a connection that is there */
	assert_int_equal(fence_refusal_make(frame.data, frame.len, answer), 0);
}
