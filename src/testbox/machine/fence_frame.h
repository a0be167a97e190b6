/* SPDX-License-Identifier: GPL-2.0-or-later */
/* May a frame of the machine go on into the user network? Pure. */
#pragma once

#include "src/testbox/plan/reach_rule.h"

#include <stdint.h>

enum fence_verdict {
	FENCE_PASS,
	FENCE_DROP,   /* no frame that this network has a use for */
	FENCE_REFUSE, /* addressed to what may not be reached: *ret_to */
};

struct fence_target {
	struct address address;
	unsigned port; /* 0: it has none, or is not the first fragment */
};

/*
 * Decides on one Ethernet frame. What passes: ARP and neighbour discovery, DHCP, DNS and echo to
 * the network's own addresses, and TCP, UDP and ICMP to what the rules allow. A fragment passes if
 * each port of its address is allowed, because later fragments do not have the port.
 */
enum fence_verdict fence_frame_look(const struct reach_rules *rules, const uint8_t *frame,
				    size_t len, struct fence_target *ret_to);
