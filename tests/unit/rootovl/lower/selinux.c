// SPDX-License-Identifier: GPL-2.0-or-later
/* What a root's file of SELinux says. */
#include "src/rootovl/lower/selinux.h"
#include "tests/unit/unit.h"

TEST(the_last_line_that_is_no_comment_counts)
{
	assert_true(selinux_config_enforces("SELINUX=enforcing\nSELINUXTYPE=targeted\n"));
	assert_true(selinux_config_enforces("# SELINUX=disabled\r\n  SELINUX=Enforcing\r\n"));
	assert_false(selinux_config_enforces("SELINUX=enforcing\nSELINUX=permissive\n"));
	assert_false(selinux_config_enforces("#SELINUX=enforcing\nSELINUXTYPE=enforcing\n"));
	assert_false(selinux_config_enforces(""));
}
