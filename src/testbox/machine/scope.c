// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/scope.h"

#include "src/common/mem.h"
#include "src/common/program.h"

#include <errno.h>
#include <unistd.h>

#define RUNNING "/run/systemd/system" /* sd_booted(3) */

int scope_enter(const struct box *box, pid_t pid, const struct scope_limits *limits)
{
	auto_free char *name = xasprintf("testbox-%s-%d.scope", box->name, (int)pid);
	auto_free char *number = xasprintf("%d", (int)pid);
	auto_free char *memory = xasprintf("%llu", (unsigned long long)limits->memory);
	auto_free char *tasks = xasprintf("%u", limits->tasks);
	auto_free char *weight = xasprintf("%d", SCOPE_IO_WEIGHT);
	auto_failure struct failure f = { 0 };
	/* clang-format off */
	const char *const argv[] = {
		"busctl", "--system", "--quiet", "call", "org.freedesktop.systemd1",
		"/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager",
		"StartTransientUnit", "ssa(sv)a(sa(sv))", name, "fail",
		"6",
		"PIDs", "au", "1", number,
		"MemoryMax", "t", memory,
		"MemorySwapMax", "t", "0",
		"TasksMax", "t", tasks,
		"IOWeight", "t", weight,
		"CollectMode", "s", "inactive-or-failed",
		"0",
		NULL,
	};
	/* clang-format on */
	const struct program program = { .argv = argv, .output = -1 };

	if (geteuid() != 0 || access(RUNNING, F_OK) < 0)
		return -ENOENT;
	return program_run(&program, NULL, &f) == 0 ? 0 : -EIO;
}
