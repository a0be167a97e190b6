/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ethernet frames of a machine, for the tests of its network. */
#pragma once

#include <arpa/inet.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct frame {
	uint8_t data[256];
	size_t len;
};

static inline void frame_set16(struct frame *frame, size_t at, unsigned value)
{
	frame->data[at] = (uint8_t)(value >> 8);
	frame->data[at + 1] = (uint8_t)value;
}

/* The sum of RFC 1071. */
static inline unsigned frame_sum(const uint8_t *data, size_t len)
{
	unsigned sum = 0;

	for (size_t i = 0; i + 1 < len; i += 2)
		sum += (unsigned)data[i] << 8 | data[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* A TCP SYN, or a UDP packet of eight bytes, from 10.0.2.15 or fec0::15, port 1024. */
static inline struct frame frame_make(const char *to, int protocol, unsigned port)
{
	struct frame frame = { 0 };
	size_t payload = 20, header = strchr(to, ':') ? 40 : 20, at = 14 + header;

	memcpy(frame.data, "\x52\x55\x0a\x00\x02\x02\x52\x54\x00\x12\x34\x56", 12);
	frame.len = at + payload;
	if (header == 40) {
		frame_set16(&frame, 12, 0x86dd);
		frame.data[14] = 0x60;
		frame_set16(&frame, 14 + 4, (unsigned)payload);
		frame.data[14 + 6] = (uint8_t)protocol;
		frame.data[14 + 7] = 64;
		inet_pton(AF_INET6, "fec0::15", frame.data + 14 + 8);
		inet_pton(AF_INET6, to, frame.data + 14 + 24);
	} else {
		frame_set16(&frame, 12, 0x0800);
		frame.data[14] = 0x45;
		frame_set16(&frame, 14 + 2, (unsigned)(header + payload));
		frame.data[14 + 8] = 64;
		frame.data[14 + 9] = (uint8_t)protocol;
		inet_pton(AF_INET, "10.0.2.15", frame.data + 14 + 12);
		inet_pton(AF_INET, to, frame.data + 14 + 16);
		frame_set16(&frame, 14 + 10, 0xffff - frame_sum(frame.data + 14, 20));
	}
	if (protocol == IPPROTO_TCP || protocol == IPPROTO_UDP) {
		frame_set16(&frame, at, 1024);
		frame_set16(&frame, at + 2, port);
	}
	if (protocol == IPPROTO_UDP)
		frame_set16(&frame, at + 4, (unsigned)payload);
	if (protocol == IPPROTO_TCP) {
		frame.data[at + 12] = 0x50;
		frame.data[at + 13] = 0x02;
	}
	return frame;
}
