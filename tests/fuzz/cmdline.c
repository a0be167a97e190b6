// SPDX-License-Identifier: GPL-2.0-or-later
/* Any text is a command line: the tokeniser ends, and what it gives makes settings or an error. */
#include "src/common/mem.h"
#include "src/rootovl/settings/settings.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *text = xstrndup((const char *)data, size);
	auto_failure struct failure f = { 0 };
	struct cmdline cmdline = { 0 };
	struct settings settings = { 0 };

	cmdline_add(&cmdline, text);
	/* A failure must say something. */
	must(settings_read(&settings, &cmdline, &f) >= 0 || (f.code && f.what));
	settings_done(&settings);
	cmdline_done(&cmdline);
	return 0;
}
