// SPDX-License-Identifier: GPL-2.0-or-later
/* Which lines of a console are a trouble, and what is said of it. */
#include "src/testbox/machine/trouble.h"
#include "src/common/macro.h"
#include "src/common/mem.h"
#include "tests/unit/unit.h"

#include <string.h>

/* What the line is, at a boot that has come so far. */
static enum trouble take(struct boot_stage *stage, const char *line, char **ret_reason)
{
	*ret_reason = NULL;
	return trouble_of_line(stage, line, ret_reason);
}

TEST(a_crash_has_a_name)
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

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		struct boot_stage stage = { .ready = i % 2 };
		auto_free char *reason = NULL;

		assert_int_equal(take(&stage, lines[i].line, &reason), TROUBLE_CRASH);
		assert_string_equal(reason, lines[i].reason);
	}
}

TEST(a_crash_is_seen_behind_a_prompt)
{
	struct boot_stage stage = { .ready = true };
	auto_free char *reason = NULL;

	assert_int_equal(take(&stage,
			      "vm-1 login: [   44.3] Kernel panic - not syncing: Attempted to kill",
			      &reason),
			 TROUBLE_CRASH);
	assert_string_equal(reason, "kernel panic");
}

TEST(where_the_kernel_prints_times_a_line_without_one_is_a_programs)
{
	struct boot_stage stage = { 0 };
	auto_free char *first = NULL, *none = NULL, *lkp = NULL, *reason = NULL;

	take(&stage, "[    0.000000] Linux version 6.1.0", &first);
	assert_int_equal(take(&stage, "Kernel panic - not syncing: of a test's log", &none),
			 TROUBLE_NONE);
	assert_int_equal(take(&stage, "[    3.1] lkp[9]: Kernel panic - not syncing: x", &lkp),
			 TROUBLE_NONE);
	assert_int_equal(take(&stage, "[    3.1] Kernel panic - not syncing: x", &reason),
			 TROUBLE_CRASH);
}

TEST(words_of_programs_are_no_trouble)
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
		"job: rootovl: failed: mount lower: x",
		" rootovl: failed: mount lower: x",
		"[    1.2] rootovl: failed: x",
		"rootovl: failed",
		"rootovl: waiting for cifs //a/b: Connection refused (10 of 90 s)",
		"testbox: You are in emergency mode.",
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		struct boot_stage stage = { 0 };
		char *reason;

		assert_int_equal(take(&stage, lines[i], &reason), TROUBLE_NONE);
		assert_null(reason);
	}
}

TEST(a_failed_boot_is_its_line)
{
	static const struct {
		const char *line;
		enum trouble trouble;
		const char *reason; /* NULL: the line */
	} lines[] = {
		{ "rootovl: failed: mount lower: cifs //a/b: access denied (the password)",
		  TROUBLE_BOOT, NULL },
		{ "rootovl: failed, rebooting: plan: x", TROUBLE_REBOOT, NULL },
		{ "rootovl: failed, powering off: plan: x", TROUBLE_POWEROFF, NULL },
		{ "Entering emergency mode. Exit the shell to continue.", TROUBLE_BOOT, NULL },
		{ "You are in emergency mode. After logging in, type \"journalctl -xb\" to view",
		  TROUBLE_BOOT, NULL },
		{ "Cannot open access to console, the root account is locked.", TROUBLE_BOOT,
		  NULL },
		{ "\x1b[K\r\x1bM\x1b[0;1;31mrootovl: failed: a\x1b[0m: b\a\xc2\x9b"
		  "1m\x7f",
		  TROUBLE_BOOT, "rootovl: failed: a: b1m" },
		{ "\x1b]3008;start=1\x1b\\rootovl: failed: \xc3\xa9", TROUBLE_BOOT,
		  "rootovl: failed: \xc3\xa9" },
		{ "[\x1b[0;1;31m!!!!!!\x1b[0m] Failed to execute /sbin/init, freezing.",
		  TROUBLE_BOOT, "[!!!!!!] Failed to execute /sbin/init, freezing." },
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		struct boot_stage stage = { 0 };
		auto_free char *reason = NULL;

		assert_int_equal(take(&stage, lines[i].line, &reason), lines[i].trouble);
		assert_string_equal(reason, lines[i].reason ? lines[i].reason : lines[i].line);
	}
}

TEST(a_reason_is_short)
{
	char line[4000] = "rootovl: failed: ";
	struct boot_stage stage = { 0 };
	auto_free char *reason = NULL;

	memset(line + strlen(line), 'x', sizeof(line) - strlen(line) - 1);
	assert_int_equal(take(&stage, line, &reason), TROUBLE_BOOT);
	assert_int_equal(strlen(reason), 1000);
}

/* A job may print the line of a boot; the boot behind a reset or a kexec counts again. */
TEST(a_failed_boot_counts_until_the_root_is_ready)
{
	static const char failed[] = "rootovl: failed: mount lower: x";
	struct boot_stage stage = { 0 };
	char *reason;

	take(&stage, "rootovl: root ready in 2.6 s: nfs4 a:/b ro + tmpfs 1.0G, lkp.service",
	     &reason);
	assert_true(stage.ready && !stage.no_job);
	assert_int_equal(take(&stage, failed, &reason), TROUBLE_NONE);
	assert_int_equal(take(&stage, "You are in emergency mode. x", &reason), TROUBLE_BOOT);
	free(reason);
	take(&stage, "[    0.000000] Linux version 6.1.0 (a@b)", &reason);
	assert_int_equal(take(&stage, failed, &reason), TROUBLE_BOOT);
	free(reason);
}

TEST(a_login_without_a_unit_is_no_job)
{
	struct boot_stage stage = { 0 };
	char *reason;

	take(&stage, "rootovl: root ready in 2.6 s: nfs4 a:/b ro + tmpfs 1.0G, no unit enabled",
	     &reason);
	assert_true(stage.ready && stage.no_job);
	assert_true(trouble_is_login("debian login: ", 14));
	assert_false(trouble_is_login("debian login: x", 15));
	assert_false(trouble_is_login(" login: ", 8));
	assert_false(trouble_is_login("", 0));
}
