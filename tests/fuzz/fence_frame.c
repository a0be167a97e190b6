// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any frame of a machine: what passes is addressed to the network's own services or to what the
 * rules allow, as a second and simpler reading of the frame says.
 */
#include "src/testbox/machine/fence_frame.h"
#include "src/testbox/machine/fence_refusal.h"
#include "tests/fuzz/fuzz.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static struct reach_rules rules;

static void set_up(void)
{
	static const char *const texts[] = { "10.1.1.1/128:0", "10.0.2.2/128:4450",
					     "fd00::1/128:0" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct reach_rule rule;

		if (reach_rule_read(texts[i], &rule) < 0)
			abort();
		reach_rules_add(&rules, &rule);
	}
}

/* The destinations that something of the network itself answers, and the one that is allowed. */
static void check_v4(const uint8_t *ip)
{
	static const uint8_t known[][4] = {
		{ 10, 1, 1, 1 }, { 10, 0, 2, 2 }, { 10, 0, 2, 3 }, { 255, 255, 255, 255 }
	};
	size_t header = (size_t)(ip[0] & 15) * 4, i = 0;
	unsigned port = 0;

	/* A fragment has none, and may not go where a port counts. */
	if ((ip[9] == 6 || ip[9] == 17) && !(ip[6] & 0x3f) && !ip[7])
		port = (unsigned)ip[header + 2] << 8 | ip[header + 3];
	while (i < 4 && memcmp(known[i], ip + 16, 4) != 0)
		i++;
	if (i == 4)
		abort();
	/* The loopback's services by the one port, DHCP and echo alone. */
	if (i == 1 && ip[9] != 1 && port != 4450 && port != 67)
		abort();
	if (i == 2 && ip[9] != 1 && port != 53)
		abort();
	if (i == 3 && (ip[9] != 17 || port != 67))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t refusal[FENCE_REFUSAL_MAX];
	struct fence_target to;

	if (!rules.n)
		set_up();
	switch (fence_frame_look(&rules, data, size, &to)) {
	case FENCE_PASS:
		if (data[12] == 8 && data[13] == 0)
			check_v4(data + 14);
		break;
	case FENCE_REFUSE:
		if (fence_refusal_make(data, size, refusal) > sizeof(refusal))
			abort();
		break;
	case FENCE_DROP:
		break;
	}
	return 0;
}
