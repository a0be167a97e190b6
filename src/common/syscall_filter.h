/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing a filter of system calls, instruction by instruction; see seccomp(2). */
#pragma once

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/syscall.h>

/* The kind of programs whose numbers of system calls SYS_… are. Not defined: it is not looked at.
 */
#if defined(__x86_64__)
#define SYSCALL_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define SYSCALL_ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define SYSCALL_ARCH AUDIT_ARCH_RISCV64
#endif
#define SYSCALL_X32 0x40000000u /* in the number of a call of x86-64 with short pointers */

#define SYSCALL_FILTER_MAX 256

struct syscall_filter {
	struct sock_filter code[SYSCALL_FILTER_MAX];
	unsigned short n;
};

/* Adds an instruction; traps where the filter is full. */
void syscall_filter_add(struct syscall_filter *filter, struct sock_filter instruction);

/* Puts it on the calling thread, for good. Returns 0 or -errno; -EINVAL: the kernel has no filters.
 */
int syscall_filter_put(struct syscall_filter *filter);

/*
 * The instructions. LOAD takes a member of struct seccomp_data; of an argument that is the low
 * half, for all of these machines are little-endian. A jump goes `yes` or `no` instructions
 * further.
 */
#define ADD(filter, ...) syscall_filter_add(filter, (struct sock_filter)__VA_ARGS__)
#define LOAD(what)	 BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)offsetof(struct seccomp_data, what))
#define LOAD_ARGUMENT(i)                                                                           \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS,                                                         \
		 (unsigned)(offsetof(struct seccomp_data, args) + (size_t)(i) * sizeof(__u64)))
#define IF_EQUAL(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, yes, no)
#define IF_BITS(bits, yes, no)	 BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, yes, no)
#define IF_FROM(value, yes, no)	 BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, value, yes, no)
#define ANSWER(value)		 BPF_STMT(BPF_RET | BPF_K, value)
#define DENY(code)		 ANSWER(SECCOMP_RET_ERRNO | (code))
