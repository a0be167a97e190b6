// SPDX-License-Identifier: GPL-2.0-or-later
/* What a root's file of SELinux says. */
#include "src/rootovl/lower/selinux.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void the_last_line_that_is_no_comment_counts(void **state)
{
	(void)state;
	assert_true(selinux_config_enforces("SELINUX=enforcing\nSELINUXTYPE=targeted\n"));
	assert_true(selinux_config_enforces("# SELINUX=disabled\r\n  SELINUX=Enforcing\r\n"));
	assert_false(selinux_config_enforces("SELINUX=enforcing\nSELINUX=permissive\n"));
	assert_false(selinux_config_enforces("#SELINUX=enforcing\nSELINUXTYPE=enforcing\n"));
	assert_false(selinux_config_enforces(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_line_that_is_no_comment_counts),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("selinux", tests, NULL, NULL);
}
