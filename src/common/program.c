// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/program.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define TICK_NS	  (200 * 1000 * 1000L)
#define END_TICKS 25 /* five seconds */

/* Runs in the child. Waits for the parent, then executes the program. Returns an errno value. */
static int child_exec(const struct program *program, pid_t parent, int may)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int output = program->output < 0 ? null : program->output;
	int errors = program->errors < 0 ? null : program->errors ? program->errors : output;
	sigset_t none;
	char word;
	int error;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	/* The parent may have died before prctl(). */
	if (getppid() != parent || read(may, &word, 1) != 1)
		return ESRCH;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (null < 0 || dup2(null, 0) < 0 || dup2(output, 1) < 0 || dup2(errors, 2) < 0)
		return errno;
	for (const char *const *e = program->env; e && *e; e++)
		putenv((char *)*e);
	for (const int *fd = program->keep; fd && *fd >= 0; fd++)
		fcntl(*fd, F_SETFD, 0);
	error = program->prepare ? program->prepare(program->prepare_arg) : 0;
	if (error)
		return error;
	/* A change of the user clears this setting (prctl(2)), so set it again. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		return ESRCH;
	execvp(program->argv[0], (char *const *)program->argv);
	return errno;
}

/* A child that waits for a word on `theirs`, and writes there why there was no program. */
static pid_t start_child(const struct program *program, int ours, int theirs)
{
	pid_t parent = getpid(), pid = fork();
	int error;

	if (pid == 0) {
		close(ours);
		/* execve(2) closes this descriptor. */
		error = child_exec(program, parent, theirs);
		send(theirs, &error, sizeof(error), MSG_NOSIGNAL);
		_exit(127);
	}
	return pid;
}

/* Returns an errno value if the program could not be run. */
static int let_go(int child)
{
	int error = 0;
	ssize_t n;

	send(child, "", 1, MSG_NOSIGNAL);
	while ((n = read(child, &error, sizeof(error))) < 0 && errno == EINTR)
		;
	return n == (ssize_t)sizeof(error) ? error : 0;
}

int program_start(const struct program *program, pid_t *ret, struct failure *f)
{
	int ends[2], error, r = 0;
	sigset_t child;
	pid_t pid;

	/* SIGCHLD stays blocked, because program_wait() waits for it by sigtimedwait(2). */
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return fail_errno(f, errno, NULL, "%s", program->argv[0]);
	pid = start_child(program, ends[0], ends[1]);
	error = pid < 0 ? errno : 0;
	close(ends[1]);
	if (!error && program->announce)
		r = program->announce(program->arg, pid, f);
	if (!error && r == 0)
		error = let_go(ends[0]);
	close(ends[0]);
	if (pid > 0) {
		*ret = pid;
		if (error || r < 0)
			waitpid(pid, NULL, 0);
	}
	if (error)
		return fail_errno(f, error, error == ENOENT ? "is its package installed?" : NULL,
				  "%s", program->argv[0]);
	return r;
}

/* The next moment at which something may have happened. */
static void pause_tick(void)
{
	struct timespec tick = { .tv_nsec = TICK_NS };
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigtimedwait(&child, NULL, &tick);
}

static int exit_status(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int program_wait(pid_t pid, const struct program_watch *watch, struct failure *f)
{
	int status;

	for (;;) {
		pid_t ended = waitpid(pid, &status, WNOHANG);

		if (ended == pid)
			return exit_status(status);
		if (ended < 0 && errno != EINTR)
			return fail_errno(f, errno, NULL, "waiting for process %d", (int)pid);
		if (watch && watch->stop && *watch->stop) {
			program_end(pid);
			return fail(f, EINTR, NULL, "interrupted");
		}
		if (watch && watch->tick)
			watch->tick(watch->arg);
		pause_tick();
	}
}

void program_end(pid_t pid)
{
	kill(-pid, SIGTERM);
	/* A process that waits for a disk or a server cannot be killed. Leave it. */
	for (int i = 0; i < 2 * END_TICKS && waitpid(pid, NULL, WNOHANG) != pid; i++) {
		if (i == END_TICKS)
			kill(-pid, SIGKILL);
		pause_tick();
	}
	/* Kill the children that the program left. */
	kill(-pid, SIGKILL);
}

int program_run(const struct program *program, const struct program_watch *watch, struct failure *f)
{
	pid_t pid;
	int r = program_start(program, &pid, f);

	return r < 0 ? r : program_wait(pid, watch, f);
}
