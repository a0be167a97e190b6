// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/configure/unit_install.h"
#include "src/common/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Asserts what is read as "wanted|required|upheld|alias|also|instance", each list with blanks. */
static void assert_install(const char *text, const char *expected)
{
	struct unit_install in;
	auto_free char *all = NULL;

	unit_install_parse(text, &in);
	{
		auto_free char *wanted = strv_join(in.wanted_by, " ");
		auto_free char *required = strv_join(in.required_by, " ");
		auto_free char *upheld = strv_join(in.upheld_by, " ");
		auto_free char *alias = strv_join(in.alias, " ");
		auto_free char *also = strv_join(in.also, " ");

		all = xasprintf("%s|%s|%s|%s|%s|%s", wanted, required, upheld, alias, also,
				in.default_instance ? in.default_instance : "");
	}
	assert_string_equal(all, expected);
	unit_install_done(&in);
}

static void a_file_without_the_section_asks_for_nothing(void **state)
{
	(void)state;
	assert_install("", "|||||");
	assert_install("[Unit]\nWantedBy=a.target\n[Service]\nAlias=b.service", "|||||");
	assert_install("WantedBy=a.target\n", "|||||");
	assert_install("[install]\nWantedBy=a.target\n", "|||||");
}

static void every_key_is_read(void **state)
{
	(void)state;
	assert_install(
		"[Unit]\nDescription=x\n\n[Install]\nWantedBy=a.target\nRequiredBy=b.target\n"
		"UpheldBy=c.target\nAlias=d.service\nAlso=e.socket\nDefaultInstance=f\n",
		"a.target|b.target|c.target|d.service|e.socket|f");
}

static void lists_grow_and_an_empty_value_takes_them_back(void **state)
{
	(void)state;
	assert_install("[Install]\nWantedBy=a b\nWantedBy=c\nAlso=x\n", "a b c||||x|");
	assert_install("[Install]\nWantedBy=a b\nWantedBy=\nWantedBy= \t\nWantedBy=c", "c|||||");
	assert_install("[Install]\nDefaultInstance=x\nDefaultInstance=\n", "|||||");
}

static void blanks_around_keys_values_and_sections_do_not_count(void **state)
{
	(void)state;
	assert_install("  [Install]\t\r\n  WantedBy =  a.target   b.target \r\n",
		       "a.target b.target|||||");
}

static void comments_are_passed_over(void **state)
{
	(void)state;
	assert_install("[Install]\n#WantedBy=a\n;WantedBy=b\n  # WantedBy=c\nWantedBy=d\n",
		       "d|||||");
}

static void a_backslash_joins_lines_over_comments(void **state)
{
	(void)state;
	assert_install("[Install]\nWantedBy=a \\\n  b \\\n# comment \\\n; another\n c\nAlias=d\n",
		       "a b c|||d||");
	assert_install("[Install]\nWantedBy=a\\\nb\n", "a b|||||");
	assert_install("[Install]\r\nWantedBy=a \\\r\nb\r\n", "a b|||||");
	assert_install("[Install]\nWantedBy=a \\", "a|||||");
	assert_install("[Unit]\nDescription=x \\\n[Install]\nWantedBy=a\n", "|||||");
}

static void a_section_may_come_twice(void **state)
{
	(void)state;
	assert_install("[Install]\nWantedBy=a\n[Service]\nWantedBy=b\n[Install]\nWantedBy=c",
		       "a c|||||");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_without_the_section_asks_for_nothing),
		cmocka_unit_test(every_key_is_read),
		cmocka_unit_test(lists_grow_and_an_empty_value_takes_them_back),
		cmocka_unit_test(blanks_around_keys_values_and_sections_do_not_count),
		cmocka_unit_test(comments_are_passed_over),
		cmocka_unit_test(a_backslash_joins_lines_over_comments),
		cmocka_unit_test(a_section_may_come_twice),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
