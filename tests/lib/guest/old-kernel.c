// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * old-kernel COMMAND…: runs COMMAND, and all that it starts, as if the kernel were Linux 4.19:
 * every system call that is younger answers ENOSYS, and LOOP_CONFIGURE of Linux 5.8 EINVAL, as an
 * unknown ioctl(2) of a loop device does. What a file system or a mount option can do is this
 * kernel's.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/loop.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * Since Linux 5.1 a system call has one number on all architectures. The first is
 * pidfd_send_signal(2), and no other one with so high a number is older.
 */
#define FIRST_YOUNG SYS_pidfd_send_signal

#define LOAD(what)    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, what))
#define ANSWER(value) BPF_STMT(BPF_RET | BPF_K, value)
#define FAIL(code)    ANSWER(SECCOMP_RET_ERRNO | (code))

int main(int argc, char **argv)
{
	struct sock_filter filter[] = {
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FIRST_YOUNG, 4, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 0, 2),
		LOAD(args[1]), /* the low half, on machines that begin with it */
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, LOOP_CONFIGURE, 2, 0),
		ANSWER(SECCOMP_RET_ALLOW),
		FAIL(ENOSYS),
		FAIL(EINVAL),
	};
	struct sock_fprog program = {
		.len = sizeof(filter) / sizeof(filter[0]),
		.filter = filter,
	};

	if (argc < 2)
		return fputs("usage: old-kernel COMMAND…\n", stderr), 2;
	/* Without no_new_privs, which would take setuid from what runs: root may (seccomp(2)). */
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0 &&
	    (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	     prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0))
		return perror("old-kernel: seccomp"), 2;
	execvp(argv[1], argv + 1);
	return perror(argv[1]), 127;
}
