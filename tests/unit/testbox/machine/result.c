// SPDX-License-Identifier: GPL-2.0-or-later
/* Which files of a machine are an exit status. */
#include "src/testbox/machine/result.h"
#include "src/common/files.h"
#include "src/common/mem.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>

#include <cmocka.h>

static void status_is(const char *dir, const char *text, int expected)
{
	auto_free char *path = xasprintf("%s/" RESULT_EXIT, dir);

	assert_int_equal(file_write(AT_FDCWD, path, text, 0644), 0);
	assert_int_equal(result_status(dir), expected);
}

static void an_exit_status_is_a_small_number(void **state)
{
	char dir[] = "/tmp/test-result-XXXXXX";
	auto_free char *path = NULL;

	(void)state;
	assert_non_null(mkdtemp(dir));
	path = xasprintf("%s/" RESULT_EXIT, dir);
	assert_int_equal(result_status(dir), -1);
	status_is(dir, "0\n", 0);
	status_is(dir, "7", 7);
	status_is(dir, "255\n", 255);
	status_is(dir, "256\n", -1);
	status_is(dir, "", -1);
	status_is(dir, "-1\n", -1);
	status_is(dir, "1 2\n", -1);
	status_is(dir, "1\n\n", -1);
	status_is(dir, "99999999999999999999999999\n", -1);
	/* The machine wrote it: it may be anything. */
	unlink(path);
	assert_int_equal(symlink("/proc/self/loginuid", path), 0);
	assert_int_equal(result_status(dir), -1);
	unlink(path);
	assert_int_equal(mkfifo(path, 0644), 0);
	assert_int_equal(result_status(dir), -1);
	unlink(path);
	rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_exit_status_is_a_small_number),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("result", tests, NULL, NULL);
}
