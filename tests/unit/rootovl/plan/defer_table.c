// SPDX-License-Identifier: GPL-2.0-or-later
/* The tables of units that start behind the job. */
#include "src/rootovl/plan/defer_table.h"
#include "src/common/mem.h"
#include "tests/unit/golden.h"
#include "tests/unit/unit.h"

#include <string.h>

/* The rows that two tables give, as "unit=reason; …", or the failure. */
static char *rows_of(const char *first, const char *second)
{
	auto_failure struct failure f = { 0 };
	struct defer_table table = { 0 };
	char *text = xstrdup("");
	int r = defer_table_parse(&table, "defer.conf", first, &f);

	if (r == 0)
		r = defer_table_parse(&table, "farm.conf", second, &f);
	for (size_t i = 0; r == 0 && i < table.n; i++)
		set_text(&text, xasprintf("%s%s%s=%s", text, i ? "; " : "", table.rows[i].unit,
					  table.rows[i].reason));
	if (r < 0)
		set_text(&text, xstrdup(f.what));
	defer_table_done(&table);
	return text;
}

static void assert_rows(const char *first, const char *second, const char *expected)
{
	auto_free char *rows = rows_of(first, second);

	assert_string_equal(rows, expected);
}

TEST(a_line_is_a_unit_and_a_reason)
{
	assert_rows("a.service\tserves nobody\n\n# b.service no\n  c@.service  x # y\r\nd.timer z",
		    "", "a.service=serves nobody; c@.service=x; d.timer=z");
}

TEST(a_later_line_wins_and_a_minus_takes_out)
{
	assert_rows("a.service one\nb.service two\nc.timer three\n",
		    "-a.service\nb.service new\n-absent.service\nd.service four",
		    "b.service=new; c.timer=three; d.service=four");
}

TEST(a_line_in_error_is_named)
{
	assert_rows("a.service x\nb.service", "", "defer.conf:2: b.service: no reason");
	assert_rows("", "\n-b.service now", "farm.conf:2: b.service: more than the name");
	assert_rows("a.socket x", "",
		    "defer.conf:1: \"a.socket\" is no name of a service or a timer");
	assert_rows("b.service a\033b", "", "defer.conf:1: b.service: a control character");
	assert_rows("-", "", "defer.conf:1: \"\" is no name of a service or a timer");
	assert_rows(".service x", "",
		    "defer.conf:1: \".service\" is no name of a service or a timer");
}

TEST(a_name_never_leaves_its_directory)
{
	assert_rows("../a.service x", "",
		    "defer.conf:1: \"../a.service\" is no name of a service or a timer");
	assert_rows("a/b.service x", "",
		    "defer.conf:1: \"a/b.service\" is no name of a service or a timer");
}

TEST(there_is_an_end_to_it)
{
	auto_free char *many = xstrdup("");

	for (int i = 0; i < 201; i++)
		set_text(&many, xasprintf("%sa%d.service x\n", many, i));
	assert_rows(many, "", "defer.conf:201: more than 200 units");
}

TEST(the_built_in_table_is_in_order)
{
	auto_free char *text = golden_read("src/rootovl/defer.conf");
	auto_free char *rows = rows_of(text, "");

	assert_non_null(strstr(rows, "fstrim.timer="));
}
