// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/syscall_filter.h"

#include <sys/prctl.h>

void syscall_filter_add(struct syscall_filter *filter, struct sock_filter instruction)
{
	if (filter->n == SYSCALL_FILTER_MAX)
		__builtin_trap(); /* a list has grown: SYSCALL_FILTER_MAX must */
	filter->code[filter->n++] = instruction;
}

int syscall_filter_put(struct syscall_filter *filter)
{
	const struct sock_fprog program = { .len = filter->n, .filter = filter->code };

	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0 ? -errno : 0;
}
