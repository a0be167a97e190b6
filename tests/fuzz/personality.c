// SPDX-License-Identifier: GPL-2.0-or-later
/* Any text as a medium's: what is taken can end no line and no field of a file of the root. */
#include "src/rootovl/configure/personality.h"

#include "src/common/mem.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *text = xstrndup((const char *)data, size), *shadow = NULL;
	auto_failure struct failure f = { 0 };
	struct personality_facts facts;

	if (personality_take(&facts, text, &f) == 0) {
		must(!facts.hostname || !strpbrk(facts.hostname, "\n/: \t"));
		must(!facts.password ||
		     (*facts.password == '$' && !strpbrk(facts.password, "\n:")));
		must(!facts.address || strchr(facts.address, '/'));
	}
	personality_free(&facts);
	personality_shadow(text, "$y$", &shadow);
	return 0;
}
