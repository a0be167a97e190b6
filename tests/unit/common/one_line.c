// SPDX-License-Identifier: GPL-2.0-or-later
/* What strangers wrote, as it may be shown. */
#include "src/common/one_line.h"

#include "src/common/mem.h"
#include "tests/unit/unit.h"

#include <string.h>

static void shown_as(const char *text, const char *expected)
{
	auto_free char *line = one_line_of(text);

	assert_string_equal(line, expected);
}

TEST(what_can_be_read_stays)
{
	shown_as("", "");
	shown_as("a path/with blanks, \"marks\" and \\", "a path/with blanks, \"marks\" and \\");
	shown_as("\xc3\xa4\xc2\xa0\xe2\x82\xac\xe2\x80\xa6\xf0\x9f\x90\xa7",
		 "\xc3\xa4\xc2\xa0\xe2\x82\xac\xe2\x80\xa6\xf0\x9f\x90\xa7");
}

TEST(what_a_terminal_obeys_does_not)
{
	shown_as("a\nb\tc\rd\x1b[2J\x7f", "a\\x0ab\\x09c\\x0dd\\x1b[2J\\x7f");
	/* C1, the first and the last. */
	shown_as("\xc2\x80|\xc2\x9b|\xc2\x9f", "\\xc2\\x80|\\xc2\\x9b|\\xc2\\x9f");
	/* U+202A to U+202E, U+2066 to U+2069, U+200E, U+061C, and U+2028. */
	shown_as("\xe2\x80\xaa\xe2\x80\xae", "\\xe2\\x80\\xaa\\xe2\\x80\\xae");
	shown_as("\xe2\x81\xa6\xe2\x81\xa9", "\\xe2\\x81\\xa6\\xe2\\x81\\xa9");
	shown_as("\xe2\x80\x8e\xd8\x9c\xe2\x80\xa8", "\\xe2\\x80\\x8e\\xd8\\x9c\\xe2\\x80\\xa8");
}

TEST(what_is_no_character_does_not)
{
	shown_as("\x9b\xff\xc0\x8a", "\\x9b\\xff\\xc0\\x8a");
	/* Cut off; longer than it must be; half of a character; beyond the last; U+FFFF. */
	shown_as("a\xe2\x82", "a\\xe2\\x82");
	shown_as("\xe2\x82z\xc3", "\\xe2\\x82z\\xc3");
	shown_as("\xe0\x80\x8a\xf0\x80\x80\x8a", "\\xe0\\x80\\x8a\\xf0\\x80\\x80\\x8a");
	shown_as("\xed\xa0\x80", "\\xed\\xa0\\x80");
	shown_as("\xf4\x90\x80\x80\xf5", "\\xf4\\x90\\x80\\x80\\xf5");
	shown_as("\xef\xbf\xbf", "\\xef\\xbf\\xbf");
}

TEST(lines_keep_their_ends_and_tabs)
{
	auto_free char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	one_line_each(out, "a\tb\n\x1b]0;x\x07\n");
	one_line_print(out, "%s: %d", "x\ny", 3);
	fclose(out);
	assert_string_equal(text, "a\tb\n\\x1b]0;x\\x07\nx\\x0ay: 3\n");
}
