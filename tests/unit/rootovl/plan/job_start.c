// SPDX-License-Identifier: GPL-2.0-or-later
/* Which programs a unit starts, so that their absence can be told. */
#include "src/rootovl/plan/job_start.h"
#include "src/common/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void starts(const char *text, const char *expected)
{
	auto_strv char **programs = job_start_programs(text);
	auto_free char *joined = strv_join(programs, " ");

	assert_string_equal(joined, expected);
}

static void blanks_round_the_equals_sign_do_not_count(void **state)
{
	(void)state;
	starts("[Service]\nExecStart=/bin/a\n", "/bin/a");
	starts("[Service]\nExecStart = /bin/a b\n", "/bin/a");
	starts("[Service]\n ExecStart\t=\t-/bin/a\nExecStart =/bin/b\n", "/bin/b");
}

static void an_empty_one_takes_back_those_before_it(void **state)
{
	(void)state;
	starts("[Service]\nExecStart=/bin/a\nExecStart=\nExecStart=/bin/b\n", "/bin/b");
	starts("[Service]\nExecStart=/bin/a\nExecStart = \nExecStart = /bin/b\n", "/bin/b");
	starts("[Service]\nExecStart=/bin/a\nExecStart =\n", "");
}

static void other_keys_and_sections_start_nothing(void **state)
{
	(void)state;
	starts("[Service]\nExecStartPre=/bin/a\nExecStart /bin/b\nExecStart\n", "");
	starts("[Unit]\nExecStart=/bin/a\n", "");
}

static void changed_in(const char *unit, const char *expected)
{
	auto_strv char **dropins = job_start_dropins(unit);
	auto_free char *joined = strv_join(dropins, " ");

	assert_string_equal(joined, expected);
}

static void a_unit_is_changed_by_the_files_of_its_name_its_template_and_its_beginnings(void **state)
{
	(void)state;
	changed_in("job.service", "job.service.d");
	changed_in("a-b-c.service", "a-b-c.service.d a-.service.d a-b-.service.d");
	changed_in("a-b@x-y.z.service", "a-b@x-y.z.service.d a-b@.service.d a-.service.d");
	changed_in("job", "job.d");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blanks_round_the_equals_sign_do_not_count),
		cmocka_unit_test(an_empty_one_takes_back_those_before_it),
		cmocka_unit_test(other_keys_and_sections_start_nothing),
		cmocka_unit_test(
			a_unit_is_changed_by_the_files_of_its_name_its_template_and_its_beginnings),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("job_start", tests, NULL, NULL);
}
