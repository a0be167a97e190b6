// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/no_setuid.h"

#include "src/common/macro.h"
#include "src/common/syscall_filter.h"

#include <fcntl.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452 /* Linux 6.6 */
#endif

#define NONE -1
/* O_TMPFILE has O_DIRECTORY in it, which alone makes nothing. */
#define MAKES (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))

/* Which argument is a mode, and which are flags without which it does not count. */
static const struct rule {
	unsigned call;
	int mode, flags;
} rules[] = {
#ifdef SYS_chmod
	{ SYS_chmod, 1, NONE },	  { SYS_mkdir, 1, NONE },    { SYS_mknod, 1, NONE },
	{ SYS_creat, 1, NONE },	  { SYS_open, 2, 1 },
#endif
	{ SYS_fchmod, 1, NONE },  { SYS_fchmodat, 2, NONE }, { SYS_fchmodat2, 2, NONE },
	{ SYS_mkdirat, 2, NONE }, { SYS_mknodat, 2, NONE },  { SYS_openat, 3, 2 },
};

/* Their modes are in memory, where a filter cannot look: as on a kernel that has none of them. */
static const unsigned unseen[] = { SYS_openat2, SYS_io_uring_setup };

/* The accumulator has the number of the call, before and, where it is another one, after. */
static void add_rule(struct syscall_filter *filter, const struct rule *rule)
{
	bool flags = rule->flags != NONE;

	ADD(filter, IF_EQUAL(rule->call, 0, flags ? 6 : 4));
	if (flags) {
		ADD(filter, LOAD_ARGUMENT(rule->flags));
		ADD(filter, IF_BITS(MAKES, 0, 3));
	}
	ADD(filter, LOAD_ARGUMENT(rule->mode));
	ADD(filter, IF_BITS(S_ISUID | S_ISGID, 0, 1));
	ADD(filter, DENY(EPERM));
	ADD(filter, ANSWER(SECCOMP_RET_ALLOW));
}

static void add_all(struct syscall_filter *filter)
{
	ADD(filter, LOAD(arch));
	ADD(filter, IF_EQUAL(SYSCALL_ARCH, 1, 0));
	ADD(filter, DENY(EPERM));
	ADD(filter, LOAD(nr));
	ADD(filter, IF_BITS(SYSCALL_X32, 0, 1));
	ADD(filter, DENY(EPERM));
	for (size_t i = 0; i < ARRAY_SIZE(unseen); i++) {
		ADD(filter, IF_EQUAL(unseen[i], 0, 1));
		ADD(filter, DENY(ENOSYS));
	}
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		add_rule(filter, &rules[i]);
	ADD(filter, ANSWER(SECCOMP_RET_ALLOW));
}

int no_setuid(void)
{
	struct syscall_filter filter = { .n = 0 };

	add_all(&filter);
	/* A filter is root's to set, or of a process that can win no rights. */
	if (geteuid() != 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return errno;
	return -syscall_filter_put(&filter);
}
