// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/boot/supervise.h"

#include "src/common/log.h"
#include "src/rootovl/boot/undo.h"
#include "src/rootovl/boot/waits.h"
#include "src/rootovl/lower/server.h"
#include "src/rootovl/machine/wait_child.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAUSE_S	  1 /* between two questions to the server */
#define TELL_S	  10
#define KILLED_MS 5000 /* a child that ignores SIGKILL for longer is left behind */
#define ANSWER_MS 1000 /* for the last question before the child is ended */

static pid_t start(int (*work)(void *arg), void *arg, const sigset_t *before)
{
	pid_t child = fork();

	if (child == 0) {
		setpgid(0, 0);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		sigprocmask(SIG_SETMASK, before, NULL);
		_exit(work(arg));
	}
	return child;
}

/* Kills the child and its own children, which may be in mount(2), and undoes what the child did. */
static void clear_away(pid_t child, const struct server_question *question)
{
	kill(-child, SIGKILL);
	wait_child(child, KILLED_MS, NULL);
	if (question->child > 0)
		kill(question->child, SIGKILL);
	undo_boot();
}

static int has_ended(pid_t child, int status, const struct server_question *question,
		     struct failure *f)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	clear_away(child, question);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 1)
		return 1;
	if (!WIFSIGNALED(status))
		return fail(f, ECHILD, "report this", "rootovl itself: exit status %d",
			    WEXITSTATUS(status));
	return fail(f, ECHILD,
		    WTERMSIG(status) == SIGKILL ? "was memory short? See the kernel's log"
						: "report this, with the journal",
		    "rootovl itself was ended by signal %d (%s)", WTERMSIG(status),
		    strsignal(WTERMSIG(status)));
}

static int watch(pid_t child, unsigned silent_s, const struct boot_progress *progress,
		 const sigset_t *wanted, struct failure *f)
{
	struct server_question question = { 0 };
	struct waits waits = { .child = child, .progress = progress };
	unsigned silent, told = 0;

	for (;;) {
		struct timespec pause = { .tv_sec = PAUSE_S };
		int status, signal = sigtimedwait(wanted, NULL, &pause);

		if (waitpid(child, &status, WNOHANG) == child)
			return has_ended(child, status, &question, f);
		if (signal == SIGTERM) {
			clear_away(child, &question);
			return fail(f, ECANCELED, "who stopped rootovl.service?",
				    "ended by a signal from outside");
		}
		silent = server_silent_s(&question, 0);
		/* If the machine was suspended, the server was not asked during that time. */
		if (silent >= silent_s)
			silent = server_silent_s(&question, ANSWER_MS);
		if (silent >= silent_s) {
			clear_away(child, &question);
			return fail(f, ETIMEDOUT, "is the server still up?",
				    "the lower's server stopped answering, for %u s", silent);
		}
		if (silent < told)
			told = 0;
		if (silent >= told + TELL_S) {
			told = silent;
			log_console(LOG_NOTICE,
				    "waiting for the lower's server: no answer (%u of %u s)",
				    silent, silent_s);
		}
		if (progress)
			waits_tell(&waits);
	}
}

int supervise(int (*work)(void *arg), void *arg, unsigned silent_s,
	      const struct boot_progress *progress, struct failure *f)
{
	sigset_t wanted, before;
	pid_t child;
	int r;

	sigemptyset(&wanted);
	sigaddset(&wanted, SIGCHLD);
	sigaddset(&wanted, SIGTERM);
	sigprocmask(SIG_BLOCK, &wanted, &before);
	child = start(work, arg, &before);
	r = child < 0 ? fail_errno(f, errno, NULL, "a process of its own")
		      : watch(child, silent_s, progress, &wanted, f);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return r;
}
