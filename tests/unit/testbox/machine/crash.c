// SPDX-License-Identifier: GPL-2.0-or-later
/* Which lines of a console are a crash, and its name. */
#include "src/testbox/machine/crash.h"
#include "src/common/macro.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_crash_has_a_name),
		cmocka_unit_test(words_of_programs_are_no_crash),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("crash", tests, NULL, NULL);
}
