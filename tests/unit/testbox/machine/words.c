// SPDX-License-Identifier: GPL-2.0-or-later
/* What machines and the host say, and what is understood: crashes, lines, memory, exit statuses. */
#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/testbox/machine/crash.h"
#include "src/testbox/machine/lines.h"
#include "src/testbox/machine/memory.h"
#include "src/testbox/machine/result.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static void a_crash_has_a_name(void **state)
{
	static const struct {
		const char *line, *reason;
	} lines[] = {
		{ "[    3.061959] Kernel panic - not syncing: sysrq triggered crash",
		  "kernel panic" },
		{ "Kernel panic - not syncing: Attempted to kill init!", "kernel panic" },
		{ "[  100.000001][  T123] BUG: unable to handle page fault for address: 0",
		  "kernel oops" },
		{ "[    1.2] Oops: 0002 [#1] PREEMPT SMP PTI", "kernel oops" },
		{ "[    1.2] Internal error: Oops: 0000000096000004 [#1] SMP", "kernel oops" },
		{ "[    1.2] invalid opcode: 0000 [#1] PREEMPT SMP", "kernel oops" },
		{ "[    1.2] Unable to handle kernel NULL pointer dereference", "kernel oops" },
		{ "[    1.2] general protection fault, probably for non-canonical address",
		  "kernel oops" },
		{ "[    1.2] kernel BUG at fs/inode.c:1!", "kernel oops" },
		{ "[   60.1] watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [a:1]",
		  "kernel hang" },
		{ "[  242.1] INFO: task kworker/0:1:12 blocked for more than 120 seconds.",
		  "kernel hang" },
		{ "[   21.0] rcu: INFO: rcu_preempt self-detected stall on CPU", "kernel hang" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		assert_non_null(crash_reason(lines[i].line));
		assert_string_equal(crash_reason(lines[i].line), lines[i].reason);
	}
}

static void words_of_programs_are_no_crash(void **state)
{
	static const char *const lines[] = {
		"",
		"[",
		"[    1.2",
		"job: Kernel panic - not syncing",
		"[    1.2] systemd[1]: Oops: 0002",
		"[    1.2] test[12]: kernel BUG at fs/inode.c:1!",
		"[    1.2] traps: a[1] general protection fault ip:1 sp:2",
		"[  OK  ] Started BUG: unable to handle",
		"[    1.2] INFO: task a:1 is fine",
		"[    1.2] rcu: INFO: nothing",
		"[    1.2] kernel: Oops",
		"Oops: no such file",
		"Internal error: the compiler gives up",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		assert_null(crash_reason(lines[i]));
}

static void keep(void *arg, const char *line)
{
	strv_add(arg, xstrdup(line));
}

static void bytes_become_lines(void **state)
{
	static const char text[] = "one\r\ntwo\n\nthr\0e\nrest";
	auto_strv char **heard = NULL;
	struct lines lines = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(text) - 1; i++)
		lines_add(&lines, text + i, 1, keep, &heard);
	lines_end(&lines, keep, &heard);
	lines_end(&lines, keep, &heard);
	assert_int_equal(strv_len(heard), 5);
	assert_string_equal(heard[0], "one");
	assert_string_equal(heard[1], "two");
	assert_string_equal(heard[2], "");
	assert_string_equal(heard[3], "thr e");
	assert_string_equal(heard[4], "rest");
}

static void an_endless_line_comes_in_pieces(void **state)
{
	auto_free char *text = xcalloc(3 * LINE_MAX_LEN, 1);
	auto_strv char **heard = NULL;
	struct lines lines = { 0 };

	(void)state;
	memset(text, 'x', 3 * LINE_MAX_LEN);
	lines_add(&lines, text, 3 * LINE_MAX_LEN, keep, &heard);
	lines_end(&lines, keep, &heard);
	assert_int_equal(strv_len(heard), 3);
	assert_int_equal(strlen(heard[2]), LINE_MAX_LEN);
}

static void memory_is_what_is_available(void **state)
{
	(void)state;
	assert_true(memory_available("MemTotal: 100 kB\nMemFree: 1 kB\nMemAvailable:    50 kB\n") ==
		    50 * 1024);
	assert_true(memory_available("MemTotal: 100 kB\n") == 0);
}

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
		cmocka_unit_test(a_crash_has_a_name),
		cmocka_unit_test(words_of_programs_are_no_crash),
		cmocka_unit_test(bytes_become_lines),
		cmocka_unit_test(an_endless_line_comes_in_pieces),
		cmocka_unit_test(memory_is_what_is_available),
		cmocka_unit_test(an_exit_status_is_a_small_number),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
