// SPDX-License-Identifier: GPL-2.0-or-later
/* A value in the text of a unit's file. */
#include "src/rootovl/configure/unit_value.h"

#include "src/common/mem.h"
#include "tests/unit/unit.h"

static void is(const char *text, const char *expected)
{
	auto_free char *value = unit_value(text, "Mount", "What");

	if (!expected)
		assert_null(value);
	else
		assert_string_equal(value, expected);
}

TEST(the_last_value_of_the_section_counts)
{
	is("[Mount]\nWhat=/dev/sda1\n", "/dev/sda1");
	is("[Mount]\r\n What = /dev/sda1 \r\nWhatever=x", "/dev/sda1");
	is("[Mount]\nWhat=a\nWhat=b", "b");
	is("[Unit]\nWhat=no\n[Mount]\nWhat=yes\n[Install]\nWhat=no\n", "yes");
	is("What=a=b\n[Mount]\nWhat=a=b", "a=b");
}

TEST(what_is_not_set_is_null)
{
	is("", NULL);
	is("[Mount]", NULL);
	is("[Mount]\nWhat=\n", NULL);
	is("[Mount]\nWhat=a\nWhat=\n", NULL);
	is("[Mount]\n#What=a\nWhat\n[What=b]\n", NULL);
	is("[Unit]\nWhat=a\n", NULL);
}
