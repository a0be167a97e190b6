// SPDX-License-Identifier: GPL-2.0-or-later
/* How the bytes of a machine become lines. */
#include "src/testbox/machine/lines.h"
#include "src/common/mem.h"
#include "tests/unit/unit.h"

#include <string.h>

static void keep(void *arg, const char *line)
{
	strv_add(arg, xstrdup(line));
}

TEST(bytes_become_lines)
{
	static const char text[] = "one\r\ntwo\n\nthr\0e\nrest";
	auto_strv char **heard = NULL;
	struct lines lines = { 0 };

	for (size_t i = 0; i < sizeof(text) - 1; i++)
		lines_add(&lines, text + i, 1, keep, &heard);
	lines_end(&lines, keep, &heard);
	lines_end(&lines, keep, &heard);
	assert_int_equal(strv_len(heard), 5);
	assert_string_equal(heard[0], "one");
	assert_string_equal(heard[1], "two");
	assert_string_equal(heard[2], "");
	assert_string_equal(heard[3], "thr e");
	assert_string_equal(heard[4], "rest");
}

TEST(an_endless_line_comes_in_pieces)
{
	auto_free char *text = xcalloc(3 * LINE_MAX_LEN, 1);
	auto_strv char **heard = NULL;
	struct lines lines = { 0 };

	memset(text, 'x', 3 * LINE_MAX_LEN);
	lines_add(&lines, text, 3 * LINE_MAX_LEN, keep, &heard);
	lines_end(&lines, keep, &heard);
	assert_int_equal(strv_len(heard), 3);
	assert_int_equal(strlen(heard[2]), LINE_MAX_LEN);
}
