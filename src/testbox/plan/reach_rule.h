/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a machine may reach, as addresses. Pure. */
#pragma once

#include "src/testbox/plan/address.h"

#include <stddef.h>

/* The user network as the machine sees it; the same as QEMU's own. */
#define REACH_GATEWAY	  "10.0.2.2" /* the host's loopback */
#define REACH_GATEWAY_V6  "fec0::2"
#define REACH_NAMESERVER  "10.0.2.3"
#define REACH_NAMESERVER6 "fec0::3"

struct reach_rule {
	struct address address;
	unsigned prefix; /* of the 128 bits of `address` */
	unsigned port;	 /* 0: each port */
};

struct reach_rules {
	struct reach_rule *rules;
	size_t n;
};

void reach_rules_add(struct reach_rules *rules, const struct reach_rule *rule);

/* Reads "ADDRESS/PREFIX:PORT", as reach_rule_text() writes it. Returns 0 or -EINVAL. */
int reach_rule_read(const char *text, struct reach_rule *ret);

/* Returns the text. The caller owns it. */
char *reach_rule_text(const struct reach_rule *rule);

/*
 * Is the address allowed, by this port? Port 0: it must be allowed by each port. A wide network
 * does not take in loopback and link-local addresses, nor the gateway, which is the host's
 * loopback: a rule must name them.
 */
bool reach_rules_allow(const struct reach_rules *rules, const struct address *address,
		       unsigned port);

/* Is it the address by which a machine reaches the host's loopback? */
bool reach_is_gateway(const struct address *address);

void reach_rules_done(struct reach_rules *rules);
