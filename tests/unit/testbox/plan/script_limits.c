// SPDX-License-Identifier: GPL-2.0-or-later
/* Scripts of a hostile scheduler: each ends soon, with an error that says why. */
#include "src/common/mem.h"
#include "src/testbox/plan/script.h"
#include "tests/unit/unit.h"

#include <string.h>
#include <time.h>

/* "#!ipxe", `n` times `part`, and the end. */
static char *long_script(const char *begin, size_t n, const char *part, const char *end)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	fprintf(out, "#!ipxe\n%s", begin);
	while (n--)
		fputs(part, out);
	fputs(end, out);
	fclose(out);
	return text;
}

/* In little processor time: a list that is counted each time takes minutes for these. */
TEST(long_scripts_end_soon)
{
	static const struct {
		const char *begin, *part, *end, *said;
		size_t n;
	} scripts[] = {
		{ "echo ", "a ", "\nboot\n", "line 2: the line has more than 4096 words", 500000 },
		{ "", "a\\\n", "\n", "line 2: the script has more than 10000 lines", 340000 },
		{ "", "set a\n", "", "line 10001: the script has more than 10000 lines", 170000 },
		{ "set a 0123456789\n", "set a ${a}${a}\n", "", "expand without end", 20 },
		{ "set a aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
		  "echo ${a}${a}${a}${a}${a}${a}${a}${a}${a}${a}\n", "",
		  "expand to more than 4 MiB", 9000 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(scripts); i++) {
		auto_free char *text = long_script(scripts[i].begin, scripts[i].n, scripts[i].part,
						   scripts[i].end);
		auto_failure struct failure f = { 0 };
		struct variables variables = { 0 };
		struct boot_script script = { 0 };
		clock_t start = clock();

		assert_true(script_read(text, NULL, &variables, &script, &f) < 0);
		if (!strstr(f.what, scripts[i].said))
			fail_msg("%s", f.what);
		assert_true(clock() - start < 15 * CLOCKS_PER_SEC);
		variables_done(&variables);
	}
}
