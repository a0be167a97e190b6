// SPDX-License-Identifier: GPL-2.0-or-later
/* Which files of a machine are an exit status. */
#include "src/testbox/machine/result.h"
#include "src/common/mem.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <sys/stat.h>

static void status_is(const char *text, int expected)
{
	tree_file(RESULT_EXIT, text);
	assert_int_equal(result_status(tree_fd), expected);
}

TEST(an_exit_status_is_a_small_number)
{
	auto_free char *path = tree_path(RESULT_EXIT);

	assert_int_equal(result_status(tree_fd), -1);
	status_is("0\n", 0);
	status_is("7", 7);
	status_is("255\n", 255);
	status_is("256\n", -1);
	status_is("", -1);
	status_is("-1\n", -1);
	status_is("1 2\n", -1);
	status_is("1\n\n", -1);
	status_is("99999999999999999999999999\n", -1);
	/* The machine wrote it: it may be anything. */
	unlink(path);
	assert_int_equal(symlink("/proc/self/loginuid", path), 0);
	assert_int_equal(result_status(tree_fd), -1);
	unlink(path);
	assert_int_equal(mkfifo(path, 0644), 0);
	assert_int_equal(result_status(tree_fd), -1);
}
