// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kill-at N COMMAND…: runs COMMAND and kills it by SIGKILL, with all that it has started, in front
 * of its Nth system call that may change a disk. 0: runs it to its end and says how many there
 * were. Exit status 137: killed; else the command's.
 */
#include <errno.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define DM_IOCTL  0xfd /* the type of linux/dm-ioctl.h */
#define PIDS_MAX  1024
#define EVENT(st) ((st) >> 16)

static pid_t pids[PIDS_MAX];
static size_t n_pids;

static bool changes(const struct __ptrace_syscall_info *info)
{
	switch (info->entry.nr) {
	case SYS_write:
	case SYS_pwrite64:
	case SYS_pwritev:
		return info->entry.args[0] > 2;
	case SYS_ioctl:
		return (info->entry.args[1] >> 8 & 0xff) == DM_IOCTL ||
		       info->entry.args[1] == BLKDISCARD || info->entry.args[1] == BLKZEROOUT ||
		       info->entry.args[1] == BLKRRPART;
	case SYS_io_submit:
	case SYS_fsync:
	case SYS_fdatasync:
	case SYS_fallocate:
	case SYS_mknod:
	case SYS_mknodat:
	case SYS_rename:
	case SYS_symlink:
	case SYS_unlink:
		return true;
	default:
		return false;
	}
}

static void kill_all(void)
{
	for (size_t i = 0; i < n_pids; i++)
		kill(pids[i], SIGKILL);
	while (waitpid(-1, NULL, __WALL) > 0 || errno == EINTR)
		continue;
}

/* What a stop of a process asks for: the signal to hand on, or -1 where it is not to go on. */
static int look(pid_t pid, int status, unsigned long *count)
{
	struct __ptrace_syscall_info info = { 0 };

	if (WSTOPSIG(status) == (SIGTRAP | 0x80)) {
		if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, (void *)sizeof(info), &info) > 0 &&
		    info.op == PTRACE_SYSCALL_INFO_ENTRY && changes(&info))
			++*count;
		return 0;
	}
	/* Of a new process, and of one that execs. */
	if (EVENT(status) || WSTOPSIG(status) == SIGSTOP || WSTOPSIG(status) == SIGTRAP)
		return 0;
	return WSTOPSIG(status);
}

static void remember(pid_t pid)
{
	for (size_t i = 0; i < n_pids; i++)
		if (pids[i] == pid)
			return;
	if (n_pids < PIDS_MAX)
		pids[n_pids++] = pid;
}

int main(int argc, char **argv)
{
	unsigned long at = argc > 2 ? strtoul(argv[1], NULL, 10) : 0, count = 0, before;
	int status, result = 1;
	pid_t first, pid;

	if (argc < 3)
		return fputs("usage: kill-at N COMMAND…\n", stderr), 2;
	first = fork();
	if (first == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (first < 0 || waitpid(first, &status, 0) != first)
		return perror("kill-at"), 2;
	remember(first);
	ptrace(PTRACE_SETOPTIONS, first, NULL,
	       (void *)(uintptr_t)(PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACEFORK |
				   PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC));
	ptrace(PTRACE_SYSCALL, first, NULL, NULL);
	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		int signal_no;

		if (!WIFSTOPPED(status)) {
			if (pid == first)
				result = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
			continue;
		}
		remember(pid);
		before = count;
		signal_no = look(pid, status, &count);
		if (at && count == at && count > before) {
			kill_all();
			return 137;
		}
		ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(uintptr_t)signal_no);
	}
	if (!at)
		printf("%lu\n", count);
	return result;
}
