// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/jail_child.h"

#include "src/common/jail_filter.h"
#include "src/common/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#define CAPABILITIES_MAX 64 /* more than any kernel has */
#define FILES_MAX	 256
#define MEMORY		 ((uint64_t)1 << 30)

/* AddressSanitizer reserves 16 TiB of addresses, and reports on standard error. */
#ifdef __SANITIZE_ADDRESS__
#define SANITIZED true
#else
#define SANITIZED false
#endif

/* Sets a limit, but not above the current hard limit, which only root may raise. */
static int limit(int resource, uint64_t soft, uint64_t hard)
{
	struct rlimit now;

	if (getrlimit(resource, &now) < 0)
		return -errno;
	hard = hard < now.rlim_max ? hard : now.rlim_max;
	soft = soft < hard ? soft : hard;
	return setrlimit(resource, &(struct rlimit){ soft, hard }) < 0 ? -errno : 0;
}

static int limit_all(const struct jail *jail)
{
	unsigned cpu = jail->cpu_s ? jail->cpu_s : JAIL_CPU_S;
	uint64_t memory = jail->memory ? jail->memory : MEMORY;
	int r = SANITIZED ? 0 : limit(RLIMIT_AS, memory, memory);

	if (r == 0)
		r = limit(RLIMIT_CPU, cpu, cpu + 1);
	if (r == 0)
		r = limit(RLIMIT_FSIZE, jail->file, jail->file);
	return r == 0 ? limit(RLIMIT_NOFILE, FILES_MAX, FILES_MAX) : r;
}

static int capabilities(uint64_t keep)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = {
		{ .effective = (uint32_t)keep, .permitted = (uint32_t)keep },
		{ .effective = (uint32_t)(keep >> 32), .permitted = (uint32_t)(keep >> 32) },
	};

	return syscall(SYS_capset, &header, data) < 0 ? -errno : 0;
}

/*
 * If this user namespace has no such user, or we lack the right, keep the user. The other limits
 * still apply.
 */
static int drop_user(void)
{
	if (geteuid() != 0)
		return 0;
	if (setgroups(0, NULL) < 0 || setresgid(JAIL_ID, JAIL_ID, JAIL_ID) < 0 ||
	    setresuid(JAIL_ID, JAIL_ID, JAIL_ID) < 0)
		return errno == EPERM || errno == EINVAL ? 0 : -errno;
	return 0;
}

int jail_drop(uint64_t keep)
{
	int r;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || limit(RLIMIT_CORE, 0, 0) < 0)
		return -errno;
	for (unsigned long i = 0; i < CAPABILITIES_MAX; i++)
		prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
	r = drop_user();
	if (r == 0)
		r = capabilities(keep);
	/* An ordinary user has no capabilities to keep. */
	if (r == -EPERM && keep)
		r = capabilities(0);
	prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0);
	return r;
}

static bool is_kept(const struct jail *jail, int fd)
{
	for (const int *keep = jail->keep; keep && *keep >= 0; keep++)
		if (*keep == fd)
			return true;
	return fd > 0 && fd == jail->output;
}

/* Linux before 5.9 has no close_range(2), so list /proc/self/fd. */
static int close_between(int first, unsigned last)
{
	auto_dir DIR *dir = NULL;

	if (first < 0 || (unsigned)first > last ||
	    syscall(SYS_close_range, (unsigned)first, last, 0) == 0)
		return 0;
	dir = opendir("/proc/self/fd");
	if (!dir)
		return -errno;
	for (struct dirent *entry; (entry = readdir(dir));) {
		int fd = atoi(entry->d_name);

		if (fd >= first && (unsigned)fd <= last && fd != dirfd(dir))
			close(fd);
	}
	return 0;
}

static int close_others(const struct jail *jail, int pipe)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), r = 0, first = 3;

	if (null < 0)
		return -errno;
	for (int fd = 0; fd < 3; fd++)
		if (!is_kept(jail, fd) && !(SANITIZED && fd == 2) && dup2(null, fd) < 0)
			return -errno;
	/* Close the gaps between the descriptors that stay open. */
	while (r == 0) {
		int next = pipe >= first ? pipe : -1;

		for (const int *keep = jail->keep; keep && *keep >= 0; keep++)
			if (*keep >= first && (next < 0 || *keep < next))
				next = *keep;
		if (jail->output >= first && (next < 0 || jail->output < next))
			next = jail->output;
		r = next < 0	   ? close_between(first, ~0u)
		    : next > first ? close_between(first, (unsigned)next - 1)
				   : 0;
		if (next < 0)
			break;
		first = next + 1;
	}
	return r;
}

static void reset_signals(void)
{
	sigset_t none;

	for (int number = 1; number < 32; number++)
		signal(number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* After this, the descriptor of the pipe is 3 or higher. */
static int enter(const struct jail *jail, int pipe, pid_t parent)
{
	enum jail_filter filter = !jail->work			   ? JAIL_RUNS
				  : jail->makes			   ? JAIL_MAKES
				  : jail->opens || jail->reads_all ? JAIL_OPENS
								   : JAIL_COMPUTES;
	int r;

	reset_signals();
	if ((jail->dir ? fchdir(jail->dir) : chdir("/")) < 0)
		return -errno;
	r = close_others(jail, pipe);
	/* Errors are ignored, because the system call filter denies sockets too. */
	unshare(CLONE_NEWNET | CLONE_NEWIPC);
	if (r == 0)
		r = jail_drop(jail->reads_all ? 1ull << CAP_DAC_READ_SEARCH : 0);
	if (r == 0)
		r = limit_all(jail);
	/* A change of the user clears this setting, so set it afterwards. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (r == 0 && getppid() != parent)
		r = -ESRCH;
	return r < 0 ? r : jail_filter_put(filter);
}

static void tell(FILE *out, int result, const struct failure *f)
{
	struct jail_tail tail = { .result = result };

	if (result < 0 && f->what) {
		tail.what = (unsigned)strnlen(f->what, JAIL_TEXT_MAX);
		tail.hint = f->hint ? (unsigned)strnlen(f->hint, JAIL_TEXT_MAX) : 0;
		fwrite(f->what, 1, tail.what, out);
		fwrite(f->hint ? f->hint : "", 1, tail.hint, out);
	}
	fwrite(&tail, sizeof(tail), 1, out);
	fflush(out);
}

static int run_program(const struct jail *jail, int pipe, struct failure *f)
{
	int output = jail->output ? jail->output : pipe;

	if (output > 0 && (dup2(output, 1) < 0 || dup2(output, 2) < 0))
		return fail_errno(f, errno, NULL, "%s", jail->argv[0]);
	for (const char *const *e = jail->env; e && *e; e++)
		putenv((char *)*e);
	for (const int *fd = jail->keep; fd && *fd >= 0; fd++)
		fcntl(*fd, F_SETFD, 0);
	execvp(jail->argv[0], (char *const *)jail->argv);
	return fail_errno(f, errno, errno == ENOENT ? "is its package installed?" : NULL, "%s",
			  jail->argv[0]);
}

void jail_child(const struct jail *jail, int pipe, pid_t parent)
{
	struct failure f = { 0 };
	FILE *out = fdopen(pipe, "w");
	int r = out ? enter(jail, pipe, parent) : -errno;

	if (r < 0)
		fail_errno(&f, -r, NULL, "%s: its jail", jail->name ? jail->name : "this");
	else if (jail->work)
		r = jail->work(jail->arg, out, &f);
	else
		r = run_program(jail, pipe, &f);
	if (out)
		tell(out, r, &f);
	fflush(stdout);
	_exit(r < 0 && !jail->work ? JAIL_FAILED : 0);
}
