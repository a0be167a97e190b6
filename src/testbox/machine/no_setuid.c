// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/no_setuid.h"

#include "src/common/macro.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#endif
#define X32_BIT 0x40000000u /* in the number of a call of x32, which has numbers of its own */

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

#define PROGRAM_MAX 128

struct program_text {
	struct sock_filter text[PROGRAM_MAX];
	unsigned short n;
};

static void say(struct program_text *program, unsigned short code, unsigned k, int yes, int no)
{
	program->text[program->n++] = (struct sock_filter){
		.code = code, .jt = (unsigned char)yes, .jf = (unsigned char)no, .k = k
	};
}

#define LOAD	 (BPF_LD | BPF_W | BPF_ABS)
#define IF_EQUAL (BPF_JMP | BPF_JEQ | BPF_K)
#define IF_BITS	 (BPF_JMP | BPF_JSET | BPF_K)
#define RETURN	 (BPF_RET | BPF_K)
#define REFUSE	 (SECCOMP_RET_ERRNO | EPERM)

/* Both architectures are little-endian: the low half of an argument is the first one. */
static unsigned argument(int i)
{
	return (unsigned)(offsetof(struct seccomp_data, args) + (size_t)i * sizeof(__u64));
}

/* The accumulator has the number of the call, before and, where it is another one, after. */
static void add_rule(struct program_text *program, const struct rule *rule)
{
	bool flags = rule->flags != NONE;

	say(program, IF_EQUAL, rule->call, 0, flags ? 6 : 4);
	if (flags) {
		say(program, LOAD, argument(rule->flags), 0, 0);
		say(program, IF_BITS, MAKES, 0, 3);
	}
	say(program, LOAD, argument(rule->mode), 0, 0);
	say(program, IF_BITS, S_ISUID | S_ISGID, 0, 1);
	say(program, RETURN, REFUSE, 0, 0);
	say(program, RETURN, SECCOMP_RET_ALLOW, 0, 0);
}

static void write_program(struct program_text *program)
{
	say(program, LOAD, offsetof(struct seccomp_data, arch), 0, 0);
	say(program, IF_EQUAL, ARCH, 1, 0);
	say(program, RETURN, REFUSE, 0, 0);
	say(program, LOAD, offsetof(struct seccomp_data, nr), 0, 0);
	say(program, IF_BITS, X32_BIT, 0, 1);
	say(program, RETURN, REFUSE, 0, 0);
	for (size_t i = 0; i < ARRAY_SIZE(unseen); i++) {
		say(program, IF_EQUAL, unseen[i], 0, 1);
		say(program, RETURN, SECCOMP_RET_ERRNO | ENOSYS, 0, 0);
	}
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		add_rule(program, &rules[i]);
	say(program, RETURN, SECCOMP_RET_ALLOW, 0, 0);
}

int no_setuid(void)
{
	struct program_text program = { .n = 0 };
	struct sock_fprog filter = { .filter = program.text };

	write_program(&program);
	filter.len = program.n;
	/* A filter is root's to set, or of a process that can win no rights. */
	if (geteuid() != 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return errno;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) < 0 ? errno : 0;
}
