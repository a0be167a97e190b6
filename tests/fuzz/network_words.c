// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A kernel command line's network: whatever is accepted is words of one line each, and no unit gets
 * a section by way of a value.
 */
#include "src/common/mem.h"
#include "src/rootovl/settings/network_unit.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *text = xcalloc(size + 1, 1);
	auto_failure struct failure f = { 0 };
	struct cmdline cmdline = { 0 };
	struct network_words words;

	memcpy(text, data, size);
	cmdline_add(&cmdline, text);
	if (network_words_read(&words, &cmdline, &f) == 0) {
		auto_free char *unit = network_unit_text(&words, NULL);

		if (!strstr(unit, "\nKeepConfiguration=yes\n"))
			abort();
		for (char **word = words.words; word && *word; word++)
			if (strpbrk(*word, "\n\t "))
				abort();
		for (char **word = words.others; word && *word; word++)
			if (strpbrk(*word, "\n\t "))
				abort();
		if (words.hostname && (!*words.hostname || strlen(words.hostname) > 64))
			abort();
		for (char **bond = words.bonds; bond && *bond; bond += 2)
			if (strpbrk(bond[1], "[]#;\\ "))
				abort();
		if (words.bootif && strlen(words.bootif) != 17)
			abort();
	} else if (!f.code || !f.what) {
		abort();
	}
	network_words_done(&words);
	cmdline_done(&cmdline);
	return 0;
}
