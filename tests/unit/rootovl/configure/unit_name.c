// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/configure/unit_name.h"
#include "src/common/mem.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void names_of_units_are_one_component_with_a_known_type(void **state)
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

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		assert_true(unit_name_valid(good[i]));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(unit_name_valid(bad[i]));
	memset(longest, 'a', sizeof(longest));
	strcpy(longest + 256 - strlen(".service"), ".service");
	assert_false(unit_name_valid(longest));
	assert_true(unit_name_valid(longest + 1));
}

static void instances_and_templates_are_told_apart(void **state)
{
	auto_free char *template = unit_name_template("getty@tty1.service");
	auto_free char *same = unit_name_template("plain.service");
	auto_free char *instance = unit_name_instance("getty@.service", "a.b");

	(void)state;
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

static void specifiers_stand_for_parts_of_the_name(void **state)
{
	(void)state;
	assert_expanded("plain.target", "a@b.service", "plain.target");
	assert_expanded("%p-%i.target", "a-c@b.d.service", "a-c-b.d.target");
	assert_expanded("x@%N.service", "a@b.service", "x@a@b.service");
	assert_expanded("%n", "a@b.service", "a@b.service");
	assert_expanded("%j.%i.", "a-b-c.service", "c..");
	assert_expanded("%%%%", "a.service", "%%");
}

static void other_specifiers_are_refused(void **state)
{
	char *got;

	(void)state;
	assert_int_equal(unit_name_expand("%H.target", "a.service", &got), -EINVAL);
	assert_int_equal(unit_name_expand("a%", "a.service", &got), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_units_are_one_component_with_a_known_type),
		cmocka_unit_test(instances_and_templates_are_told_apart),
		cmocka_unit_test(specifiers_stand_for_parts_of_the_name),
		cmocka_unit_test(other_specifiers_are_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
