// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/configure/unit_name.h"
#include "src/common/mem.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>

TEST(names_of_units_are_one_component_with_a_known_type)
{
	const char *const good[] = {
		"a.service",
		"lkp-bootstrap.service",
		"getty@tty1.service",
		"getty@.service",
		"dev-disk-by\\x2dlabel-a.swap",
		"a.b.mount",
		"x_y:z.timer",
		"a@b@c.service",
	};
	const char *const bad[] = {
		"",
		"a",
		".service",
		"a.",
		"a.services",
		"a.Service",
		"a/b.service",
		"/a.service",
		"../a.service",
		"a b.service",
		"a\n.service",
		"\xc3\xa4.service",
		"@.service",
		"@a.service",
		"a%i.service",
		"a.service ",
	};
	char longest[300];

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		assert_true(unit_name_valid(good[i]));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(unit_name_valid(bad[i]));
	memset(longest, 'a', sizeof(longest));
	strcpy(longest + 256 - strlen(".service"), ".service");
	assert_false(unit_name_valid(longest));
	assert_true(unit_name_valid(longest + 1));
}

TEST(instances_and_templates_are_told_apart)
{
	auto_free char *template = unit_name_template("getty@tty1.service");
	auto_free char *same = unit_name_template("plain.service");
	auto_free char *instance = unit_name_instance("getty@.service", "a.b");

	assert_string_equal(template, "getty@.service");
	assert_string_equal(same, "plain.service");
	assert_string_equal(instance, "getty@a.b.service");
	assert_true(unit_name_is_template("getty@.service"));
	assert_false(unit_name_is_template("getty@tty1.service"));
	assert_false(unit_name_is_template("plain.service"));
	assert_true(unit_name_same_type("a.service", "b@c.service"));
	assert_false(unit_name_same_type("a.service", "a.socket"));
}

static void assert_expanded(const char *text, const char *name, const char *expected)
{
	auto_free char *got = NULL;

	assert_int_equal(unit_name_expand(text, name, &got), 0);
	assert_string_equal(got, expected);
}

TEST(specifiers_stand_for_parts_of_the_name)
{
	assert_expanded("plain.target", "a@b.service", "plain.target");
	assert_expanded("%p-%i.target", "a-c@b.d.service", "a-c-b.d.target");
	assert_expanded("x@%N.service", "a@b.service", "x@a@b.service");
	assert_expanded("%n", "a@b.service", "a@b.service");
	assert_expanded("%j.%i.", "a-b-c.service", "c..");
	assert_expanded("%%%%", "a.service", "%%");
}

TEST(other_specifiers_are_refused)
{
	char *got;

	assert_int_equal(unit_name_expand("%H.target", "a.service", &got), -EINVAL);
	assert_int_equal(unit_name_expand("a%", "a.service", &got), -EINVAL);
}
