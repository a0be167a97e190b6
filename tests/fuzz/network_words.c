// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A kernel command line's network: whatever is accepted is words of one line each, and no unit gets
 * a section by way of a value.
 */
#include "src/common/mem.h"
#include "src/rootovl/settings/network_unit.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

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

		must(strstr(unit, "\nKeepConfiguration=yes\n") != NULL);
		for (char **word = words.words; word && *word; word++)
			must(!strpbrk(*word, "\n\t "));
		for (char **word = words.others; word && *word; word++)
			must(!strpbrk(*word, "\n\t "));
		must(!words.hostname || (*words.hostname && strlen(words.hostname) <= 64));
		for (char **bond = words.bonds; bond && *bond; bond += 2)
			must(!strpbrk(bond[1], "[]#;\\ "));
		must(!words.bootif || strlen(words.bootif) == 17);
	} else {
		must(f.code && f.what);
	}
	network_words_done(&words);
	cmdline_done(&cmdline);
	return 0;
}
