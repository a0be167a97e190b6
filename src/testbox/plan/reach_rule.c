// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/plan/reach_rule.h"

#include "src/common/mem.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void reach_rules_add(struct reach_rules *rules, const struct reach_rule *rule)
{
	rules->rules = xreallocarray(rules->rules, rules->n + 1, sizeof(*rules->rules));
	rules->rules[rules->n++] = *rule;
}

int reach_rule_read(const char *text, struct reach_rule *ret)
{
	const char *slash = strchr(text, '/');
	auto_free char *address = slash ? xstrndup(text, (size_t)(slash - text)) : NULL;
	int end = 0;

	if (!address || address_read(address, &ret->address) < 0 ||
	    sscanf(slash, "/%3u:%5u%n", &ret->prefix, &ret->port, &end) != 2 || slash[end] ||
	    ret->prefix > ADDRESS_BITS || ret->port > UINT16_MAX)
		return -EINVAL;
	return 0;
}

char *reach_rule_text(const struct reach_rule *rule)
{
	auto_free char *address = address_text(&rule->address);

	return xasprintf("%s/%u:%u", address, rule->prefix, rule->port);
}

static bool is(const struct address *address, const char *text)
{
	struct address other;

	return address_read(text, &other) == 0 && address_matches(address, &other, ADDRESS_BITS);
}

bool reach_is_gateway(const struct address *address)
{
	return is(address, REACH_GATEWAY) || is(address, REACH_GATEWAY_V6);
}

bool reach_rules_allow(const struct reach_rules *rules, const struct address *address,
		       unsigned port)
{
	unsigned kind = address_kind(address);
	bool gateway = reach_is_gateway(address);

	for (size_t i = 0; i < rules->n; i++) {
		const struct reach_rule *rule = &rules->rules[i];

		if (!address_matches(address, &rule->address, rule->prefix) ||
		    (rule->port && rule->port != port))
			continue;
		if (kind && address_kind(&rule->address) != kind)
			continue;
		if (gateway && rule->prefix < ADDRESS_BITS)
			continue;
		return true;
	}
	return false;
}

void reach_rules_done(struct reach_rules *rules)
{
	free(rules->rules);
	*rules = (struct reach_rules){ 0 };
}
