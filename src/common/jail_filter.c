// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/jail_filter.h"

#include "src/common/macro.h"
#include "src/common/syscall_filter.h"

#include <fcntl.h>
#include <linux/sched.h>

#define LAST_OLD 423 /* the calls behind it came with Linux 5.1 and later */
#define FCNTL	 (F_GETFD | F_SETFD | F_GETFL)

/* What a computation needs, and the sanitizers of the tests. */
static const int computes[] = {
	SYS_brk,	  SYS_clock_gettime,  SYS_close,
	SYS_exit,	  SYS_exit_group,     SYS_fstat,
	SYS_futex,	  SYS_getpid,	      SYS_getrandom,
	SYS_gettid,	  SYS_gettimeofday,   SYS_lseek,
	SYS_madvise,	  SYS_mmap,	      SYS_mprotect,
	SYS_mremap,	  SYS_munmap,	      SYS_pread64,
	SYS_read,	  SYS_readv,	      SYS_restart_syscall,
	SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn,
	SYS_sched_yield,  SYS_sigaltstack,    SYS_write,
	SYS_writev,
#ifdef SYS_time
	SYS_time,
#endif
#ifdef SYS_getrlimit
	SYS_getrlimit,
#endif
};

/* The files are read only: see add_opens(). */
static const int opens[] = {
	SYS_faccessat,	SYS_fchdir, SYS_fstatfs, SYS_getcwd,  SYS_getdents64, SYS_newfstatat,
	SYS_readlinkat, SYS_statfs, SYS_statx,	 SYS_geteuid, SYS_getuid,     SYS_dup,
#ifdef SYS_access
	SYS_access,
#endif
#ifdef SYS_readlink
	SYS_readlink,
#endif
#ifdef SYS_stat
	SYS_stat,	SYS_lstat,
#endif
#ifdef SYS_faccessat2
	SYS_faccessat2,
#endif
};

/* What no reader of files needs: rights, other processes, devices, the kernel's own parts. */
static const int never[] = {
	SYS_acct,
	SYS_add_key,
	SYS_adjtimex,
	SYS_bpf,
	SYS_chroot,
	SYS_clock_adjtime,
	SYS_clock_settime,
	SYS_delete_module,
	SYS_fanotify_init,
	SYS_finit_module,
	SYS_init_module,
	SYS_kcmp,
	SYS_kexec_load,
	SYS_keyctl,
	SYS_kill,
	SYS_memfd_create,
	SYS_mknodat,
	SYS_mount,
	SYS_msgget,
	SYS_name_to_handle_at,
	SYS_open_by_handle_at,
	SYS_perf_event_open,
	SYS_personality,
	SYS_pivot_root,
	SYS_process_vm_readv,
	SYS_process_vm_writev,
	SYS_ptrace,
	SYS_quotactl,
	SYS_reboot,
	SYS_request_key,
	SYS_semget,
	SYS_setdomainname,
	SYS_setgid,
	SYS_setgroups,
	SYS_sethostname,
	SYS_setns,
	SYS_setpriority,
	SYS_setregid,
	SYS_setresgid,
	SYS_setresuid,
	SYS_setreuid,
	SYS_settimeofday,
	SYS_setuid,
	SYS_shmget,
	SYS_swapoff,
	SYS_swapon,
	SYS_syslog,
	SYS_tkill,
	SYS_umount2,
	SYS_unshare,
	SYS_userfaultfd,
	SYS_vhangup,
#ifdef SYS_mknod
	SYS_mknod,
#endif
};

static const int sockets[] = {
	SYS_accept,  SYS_accept4, SYS_bind,   SYS_connect,    SYS_listen,
	SYS_recvmsg, SYS_sendmsg, SYS_sendto, SYS_socketpair, SYS_socket,
};

static const int processes[] = {
#ifdef SYS_fork
	SYS_fork,
	SYS_vfork,
#endif
	SYS_clone,
};

/* close_range(2), faccessat2(2) */
static const int young[] = { 436, 439 };

static const int programs[] = { SYS_execve, SYS_execveat };

static void add_list(struct syscall_filter *filter, const int *calls, size_t n, unsigned answer)
{
	for (size_t i = 0; i < n; i++) {
		ADD(filter, IF_EQUAL((unsigned)calls[i], 0, 1));
		ADD(filter, ANSWER(answer));
	}
}

#define ADD_LIST(filter, list, answer) add_list(filter, list, ARRAY_SIZE(list), answer)

/* One call, with bits in an argument that must not be there. */
static void add_without(struct syscall_filter *filter, int call, size_t argument, unsigned bits)
{
	ADD(filter, IF_EQUAL((unsigned)call, 0, 4));
	ADD(filter, LOAD_ARGUMENT(argument));
	ADD(filter, IF_BITS(bits, 0, 1));
	ADD(filter, DENY(EPERM));
	ADD(filter, ANSWER(SECCOMP_RET_ALLOW));
}

/* fstat(2) of the C library: the path that it could have would give away a size at most. */
static void add_fstat(struct syscall_filter *filter)
{
	ADD(filter, IF_EQUAL((unsigned)SYS_newfstatat, 0, 4));
	ADD(filter, LOAD(args[3]));
	ADD(filter, IF_BITS(AT_EMPTY_PATH, 0, 1));
	ADD(filter, ANSWER(SECCOMP_RET_ALLOW));
	ADD(filter, DENY(EPERM));
}

static void add_opens(struct syscall_filter *filter)
{
	const unsigned writes = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY);

#ifdef SYS_open
	add_without(filter, SYS_open, 1, writes);
#endif
	add_without(filter, SYS_openat, 2, writes);
	ADD_LIST(filter, opens, SECCOMP_RET_ALLOW);
}

/* A thread is no new process. */
static void add_threads(struct syscall_filter *filter)
{
	ADD(filter, IF_EQUAL((unsigned)SYS_clone, 0, 4));
	ADD(filter, LOAD(args[0]));
	ADD(filter, IF_BITS(CLONE_THREAD, 0, 1));
	ADD(filter, ANSWER(SECCOMP_RET_ALLOW));
	ADD(filter, DENY(EPERM));
}

static void add_rules(struct syscall_filter *filter, enum jail_filter kind)
{
	if (kind == JAIL_COMPUTES || kind == JAIL_OPENS) {
		add_without(filter, SYS_fcntl, 1, ~(unsigned)(FCNTL | F_DUPFD_CLOEXEC));
		ADD_LIST(filter, computes, SECCOMP_RET_ALLOW);
		if (kind == JAIL_OPENS)
			add_opens(filter);
		add_fstat(filter);
		ADD(filter, IF_FROM(LAST_OLD + 1, 0, 1));
		ADD(filter, DENY(ENOSYS));
		ADD(filter, DENY(EPERM));
		return;
	}
	ADD_LIST(filter, never, SECCOMP_RET_ERRNO | EPERM);
	if (kind != JAIL_RUNS)
		ADD_LIST(filter, programs, SECCOMP_RET_ERRNO | EPERM);
	if (kind == JAIL_FETCHES) {
		add_threads(filter);
	} else {
		ADD_LIST(filter, sockets, SECCOMP_RET_ERRNO | EPERM);
	}
	ADD_LIST(filter, processes, SECCOMP_RET_ERRNO | EPERM);
	/* io_uring, new mounts, other processes' files; glibc goes on by the older ones. */
	ADD_LIST(filter, young, SECCOMP_RET_ALLOW);
	ADD(filter, IF_FROM(LAST_OLD + 1, 0, 1));
	ADD(filter, DENY(ENOSYS));
	ADD(filter, ANSWER(SECCOMP_RET_ALLOW));
}

int jail_filter_put(enum jail_filter kind)
{
	struct syscall_filter filter = { .n = 0 };
	int r;

#ifdef SYSCALL_ARCH
	/* The same number is another call for programs of another kind. */
	ADD(&filter, LOAD(arch));
	ADD(&filter, IF_EQUAL(SYSCALL_ARCH, 1, 0));
	ADD(&filter, ANSWER(SECCOMP_RET_KILL_PROCESS));
#endif
	ADD(&filter, LOAD(nr));
	ADD(&filter, IF_FROM(SYSCALL_X32, 0, 1));
	ADD(&filter, DENY(ENOSYS));
	add_rules(&filter, kind);
	r = syscall_filter_put(&filter);
	return r == -EINVAL ? 0 : r;
}
