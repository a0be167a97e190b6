// SPDX-License-Identifier: GPL-2.0-or-later
/* Which programs a unit starts, so that their absence can be told. */
#include "src/rootovl/plan/job_start.h"
#include "src/common/mem.h"
#include "tests/unit/unit.h"

static void starts(const char *text, const char *expected)
{
	auto_strv char **programs = job_start_programs(text);
	auto_free char *joined = strv_join(programs, " ");

	assert_string_equal(joined, expected);
}

TEST(blanks_round_the_equals_sign_do_not_count)
{
	starts("[Service]\nExecStart=/bin/a\n", "/bin/a");
	starts("[Service]\nExecStart = /bin/a b\n", "/bin/a");
	starts("[Service]\n ExecStart\t=\t-/bin/a\nExecStart =/bin/b\n", "/bin/b");
}

TEST(an_empty_one_takes_back_those_before_it)
{
	starts("[Service]\nExecStart=/bin/a\nExecStart=\nExecStart=/bin/b\n", "/bin/b");
	starts("[Service]\nExecStart=/bin/a\nExecStart = \nExecStart = /bin/b\n", "/bin/b");
	starts("[Service]\nExecStart=/bin/a\nExecStart =\n", "");
}

TEST(other_keys_and_sections_start_nothing)
{
	starts("[Service]\nExecStartPre=/bin/a\nExecStart /bin/b\nExecStart\n", "");
	starts("[Unit]\nExecStart=/bin/a\n", "");
}

static void changed_in(const char *unit, const char *expected)
{
	auto_strv char **dropins = job_start_dropins(unit);
	auto_free char *joined = strv_join(dropins, " ");

	assert_string_equal(joined, expected);
}

TEST(a_unit_is_changed_by_the_files_of_its_name_its_template_and_its_beginnings)
{
	changed_in("job.service", "job.service.d");
	changed_in("a-b-c.service", "a-b-c.service.d a-.service.d a-b-.service.d");
	changed_in("a-b@x-y.z.service", "a-b@x-y.z.service.d a-b@.service.d a-.service.d");
	changed_in("job", "job.d");
}
