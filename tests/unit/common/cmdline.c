// SPDX-License-Identifier: GPL-2.0-or-later
/* The tokeniser of the kernel command line. */
#include "src/common/cmdline.h"
#include "tests/unit/unit.h"

#include <string.h>

/* Asserts that a text gives these names and values, which end with a NULL name. */
static void assert_words(const char *text, const char *const expected[])
{
	struct cmdline cmdline = { 0 };
	size_t n = 0;

	cmdline_add(&cmdline, text);
	for (; expected[n * 2]; n++) {
		assert_true(n < cmdline.n);
		assert_string_equal(cmdline.words[n].name, expected[n * 2]);
		if (expected[n * 2 + 1])
			assert_string_equal(cmdline.words[n].value, expected[n * 2 + 1]);
		else
			assert_null(cmdline.words[n].value);
	}
	assert_int_equal(cmdline.n, n);
	cmdline_done(&cmdline);
}
#define WORDS(text, ...) assert_words(text, (const char *const[]){ __VA_ARGS__, NULL, NULL })

TEST(nothing_has_no_words)
{
	WORDS("", NULL);
	WORDS(" \t\n ", NULL);
}

TEST(blanks_of_any_kind_separate_words)
{
	WORDS(" a\tb=1\n\n c= \v", "a", NULL, "b", "1", "c", "");
}

TEST(the_first_equals_sign_ends_the_name)
{
	WORDS("root=UUID=1=2 =x", "root", "UUID=1=2", "", "x");
}

TEST(quotes_hold_blanks_and_vanish)
{
	WORDS("a=\"b c\" \"d=e f\" g\"h \"i", "a", "b c", "d", "e f", "gh i", NULL);
	WORDS("a=\"\" \"\"", "a", "", "", NULL);
}

TEST(an_unclosed_quote_is_marked)
{
	struct cmdline cmdline = { 0 };

	cmdline_add(&cmdline, "a b=\"c d");
	assert_int_equal(cmdline.n, 2);
	assert_false(cmdline.words[0].unclosed);
	assert_true(cmdline.words[1].unclosed);
	assert_string_equal(cmdline.words[1].value, "c d");
	cmdline_done(&cmdline);
}

TEST(two_dashes_end_the_parameters)
{
	WORDS("a -- b c", "a", NULL);
	WORDS("a --x=1", "a", NULL, "--x", "1");
}

TEST(texts_add_up)
{
	struct cmdline cmdline = { 0 };

	cmdline_add(&cmdline, "a=1 -- x");
	cmdline_add(&cmdline, "b=2");
	assert_int_equal(cmdline.n, 2);
	assert_string_equal(cmdline.words[1].name, "b");
	cmdline_done(&cmdline);
}

TEST(dash_and_underscore_are_the_same_in_names)
{
	assert_true(cmdline_name_is("rootfs-disk", "rootfs_disk"));
	assert_true(cmdline_name_is("a_b-c", "a-b_c"));
	assert_false(cmdline_name_is("rootfs", "rootfs_disk"));
	assert_false(cmdline_name_is("rootfs_disk", "rootfs"));
	assert_true(cmdline_name_begins("rootovl.size", "rootovl"));
	assert_false(cmdline_name_begins("root", "rootovl"));
}

TEST(the_last_of_a_name_counts)
{
	struct cmdline cmdline = { 0 };

	cmdline_add(&cmdline, "a-b=1 quiet a_b=2 c=3 c");
	assert_string_equal(cmdline_value(&cmdline, "a_b"), "2");
	assert_null(cmdline_value(&cmdline, "c"));
	assert_null(cmdline_value(&cmdline, "d"));
	assert_true(cmdline_has(&cmdline, "quiet"));
	assert_true(cmdline_has(&cmdline, "a-b"));
	assert_false(cmdline_has(&cmdline, "a"));
	cmdline_done(&cmdline);
}
