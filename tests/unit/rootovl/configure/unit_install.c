// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/configure/unit_install.h"
#include "src/common/mem.h"
#include "tests/unit/unit.h"

#include <string.h>

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

TEST(a_file_without_the_section_asks_for_nothing)
{
	assert_install("", "|||||");
	assert_install("[Unit]\nWantedBy=a.target\n[Service]\nAlias=b.service", "|||||");
	assert_install("WantedBy=a.target\n", "|||||");
	assert_install("[install]\nWantedBy=a.target\n", "|||||");
}

TEST(every_key_is_read)
{
	assert_install(
		"[Unit]\nDescription=x\n\n[Install]\nWantedBy=a.target\nRequiredBy=b.target\n"
		"UpheldBy=c.target\nAlias=d.service\nAlso=e.socket\nDefaultInstance=f\n",
		"a.target|b.target|c.target|d.service|e.socket|f");
}

TEST(lists_grow_and_an_empty_value_takes_them_back)
{
	assert_install("[Install]\nWantedBy=a b\nWantedBy=c\nAlso=x\n", "a b c||||x|");
	assert_install("[Install]\nWantedBy=a b\nWantedBy=\nWantedBy= \t\nWantedBy=c", "c|||||");
	assert_install("[Install]\nDefaultInstance=x\nDefaultInstance=\n", "|||||");
}

TEST(blanks_around_keys_values_and_sections_do_not_count)
{
	assert_install("  [Install]\t\r\n  WantedBy =  a.target   b.target \r\n",
		       "a.target b.target|||||");
}

TEST(comments_are_passed_over)
{
	assert_install("[Install]\n#WantedBy=a\n;WantedBy=b\n  # WantedBy=c\nWantedBy=d\n",
		       "d|||||");
}

TEST(a_backslash_joins_lines_over_comments)
{
	assert_install("[Install]\nWantedBy=a \\\n  b \\\n# comment \\\n; another\n c\nAlias=d\n",
		       "a b c|||d||");
	assert_install("[Install]\nWantedBy=a\\\nb\n", "a b|||||");
	assert_install("[Install]\r\nWantedBy=a \\\r\nb\r\n", "a b|||||");
	assert_install("[Install]\nWantedBy=a \\", "a|||||");
	assert_install("[Unit]\nDescription=x \\\n[Install]\nWantedBy=a\n", "|||||");
}

TEST(a_section_may_come_twice)
{
	assert_install("[Install]\nWantedBy=a\n[Service]\nWantedBy=b\n[Install]\nWantedBy=c",
		       "a c|||||");
}
