// SPDX-License-Identifier: GPL-2.0-or-later
/* The tokeniser of the kernel command line. */
#include "src/common/cmdline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

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

static void nothing_has_no_words(void **state)
{
	(void)state;
	WORDS("", NULL);
	WORDS(" \t\n ", NULL);
}

static void blanks_of_any_kind_separate_words(void **state)
{
	(void)state;
	WORDS(" a\tb=1\n\n c= \v", "a", NULL, "b", "1", "c", "");
}

static void the_first_equals_sign_ends_the_name(void **state)
{
	(void)state;
	WORDS("root=UUID=1=2 =x", "root", "UUID=1=2", "", "x");
}

static void quotes_hold_blanks_and_vanish(void **state)
{
	(void)state;
	WORDS("a=\"b c\" \"d=e f\" g\"h \"i", "a", "b c", "d", "e f", "gh i", NULL);
	WORDS("a=\"\" \"\"", "a", "", "", NULL);
}

static void an_unclosed_quote_is_marked(void **state)
{
	struct cmdline cmdline = { 0 };

	(void)state;
	cmdline_add(&cmdline, "a b=\"c d");
	assert_int_equal(cmdline.n, 2);
	assert_false(cmdline.words[0].unclosed);
	assert_true(cmdline.words[1].unclosed);
	assert_string_equal(cmdline.words[1].value, "c d");
	cmdline_done(&cmdline);
}

static void two_dashes_end_the_parameters(void **state)
{
	(void)state;
	WORDS("a -- b c", "a", NULL);
	WORDS("a --x=1", "a", NULL, "--x", "1");
}

static void texts_add_up(void **state)
{
	struct cmdline cmdline = { 0 };

	(void)state;
	cmdline_add(&cmdline, "a=1 -- x");
	cmdline_add(&cmdline, "b=2");
	assert_int_equal(cmdline.n, 2);
	assert_string_equal(cmdline.words[1].name, "b");
	cmdline_done(&cmdline);
}

static void dash_and_underscore_are_the_same_in_names(void **state)
{
	(void)state;
	assert_true(cmdline_name_is("rootfs-disk", "rootfs_disk"));
	assert_true(cmdline_name_is("a_b-c", "a-b_c"));
	assert_false(cmdline_name_is("rootfs", "rootfs_disk"));
	assert_false(cmdline_name_is("rootfs_disk", "rootfs"));
	assert_true(cmdline_name_begins("rootovl.size", "rootovl"));
	assert_false(cmdline_name_begins("root", "rootovl"));
}

static void the_last_of_a_name_counts(void **state)
{
	struct cmdline cmdline = { 0 };

	(void)state;
	cmdline_add(&cmdline, "a-b=1 quiet a_b=2 c=3 c");
	assert_string_equal(cmdline_value(&cmdline, "a_b"), "2");
	assert_null(cmdline_value(&cmdline, "c"));
	assert_null(cmdline_value(&cmdline, "d"));
	assert_true(cmdline_has(&cmdline, "quiet"));
	assert_true(cmdline_has(&cmdline, "a-b"));
	assert_false(cmdline_has(&cmdline, "a"));
	cmdline_done(&cmdline);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_has_no_words),
		cmocka_unit_test(blanks_of_any_kind_separate_words),
		cmocka_unit_test(the_first_equals_sign_ends_the_name),
		cmocka_unit_test(quotes_hold_blanks_and_vanish),
		cmocka_unit_test(an_unclosed_quote_is_marked),
		cmocka_unit_test(two_dashes_end_the_parameters),
		cmocka_unit_test(texts_add_up),
		cmocka_unit_test(dash_and_underscore_are_the_same_in_names),
		cmocka_unit_test(the_last_of_a_name_counts),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("cmdline", tests, NULL, NULL);
}
