// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kill-at N COMMAND…: runs COMMAND and kills it by SIGKILL, with all that it has started, in front
 * of its Nth system call that may change a disk. 0: runs it to its end and says how many there
 * were. Exit status 137: killed; else the command's.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define DM_IOCTL 0xfd /* the type of linux/dm-ioctl.h */
#define PIDS_MAX 1024
#define OPTIONS                                                                                    \
	(PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |    \
	 PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC)

static const uint32_t calls[] = {
	SYS_write,  SYS_pwrite64,  SYS_pwritev,	  SYS_ioctl, SYS_io_submit,
	SYS_fsync,  SYS_fdatasync, SYS_fallocate, SYS_mknod, SYS_mknodat,
	SYS_rename, SYS_symlink,   SYS_unlink,
};
#define N_CALLS (sizeof(calls) / sizeof(calls[0]))

static pid_t pids[PIDS_MAX];
static size_t n_pids;

/* Makes the kernel stop this process, and what it starts, at those calls alone (seccomp(2)). */
static int trace_calls(void)
{
	struct sock_filter filter[N_CALLS + 3];
	struct sock_fprog program = { .len = N_CALLS + 3, .filter = filter };

	filter[0] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						 offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < N_CALLS; i++)
		filter[i + 1] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, calls[i],
							     (unsigned char)(N_CALLS - i), 0);
	filter[N_CALLS + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	filter[N_CALLS + 2] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

/* May the call at which the process stands change a disk? */
static bool changes(pid_t pid)
{
	struct __ptrace_syscall_info info = { 0 };
	uint64_t *args = info.seccomp.args;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, (void *)sizeof(info), &info) <= 0)
		return false;
	switch (info.seccomp.nr) {
	case SYS_write:
	case SYS_pwrite64:
	case SYS_pwritev:
		return args[0] > 2;
	case SYS_ioctl:
		return (args[1] >> 8 & 0xff) == DM_IOCTL || args[1] == BLKDISCARD ||
		       args[1] == BLKZEROOUT || args[1] == BLKRRPART;
	default:
		return true;
	}
}

static void remember(pid_t pid)
{
	for (size_t i = 0; i < n_pids; i++)
		if (pids[i] == pid)
			return;
	if (n_pids < PIDS_MAX)
		pids[n_pids++] = pid;
}

static void kill_all(void)
{
	for (size_t i = 0; i < n_pids; i++)
		kill(pids[i], SIGKILL);
	while (waitpid(-1, NULL, __WALL) > 0 || errno == EINTR)
		continue;
}

/* Starts the command, which waits for us; gives its pid, or -1. */
static pid_t start(char **argv)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		if (trace_calls() == 0)
			execvp(argv[0], argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		return -1;
	ptrace(PTRACE_SETOPTIONS, pid, NULL, (void *)(uintptr_t)OPTIONS);
	ptrace(PTRACE_CONT, pid, NULL, NULL);
	remember(pid);
	return pid;
}

int main(int argc, char **argv)
{
	unsigned long at = argc > 2 ? strtoul(argv[1], NULL, 10) : 0, count = 0;
	int status, result = 1;
	pid_t first, pid;

	if (argc < 3)
		return fputs("usage: kill-at N COMMAND…\n", stderr), 2;
	first = start(argv + 2);
	if (first < 0)
		return perror("kill-at"), 2;
	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		int event = status >> 16, sent = WSTOPSIG(status);

		if (!WIFSTOPPED(status)) {
			if (pid == first)
				result = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
			continue;
		}
		remember(pid);
		if (event == PTRACE_EVENT_SECCOMP && changes(pid) && ++count == at) {
			kill_all();
			return 137;
		}
		/* The first stop of a new process is a SIGSTOP that is none of its own. */
		if (event || sent == SIGSTOP)
			sent = 0;
		ptrace(PTRACE_CONT, pid, NULL, (void *)(uintptr_t)sent);
	}
	if (!at)
		printf("%lu\n", count);
	return result;
}
