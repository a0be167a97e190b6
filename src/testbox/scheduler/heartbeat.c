// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/scheduler/heartbeat.h"

#include "src/common/log.h"
#include "src/common/macro.h"
#include "src/testbox/scheduler/scheduler_tell.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Logs the first failure of a row, and the first success after it. */
static void tell(int r, int before, struct failure *f)
{
	auto_free char *text = r < 0 ? log_failure_text(f) : NULL;

	if (r < 0 && before == 0)
		log_line(LOG_WARNING, "the scheduler hears no sign of life: %s", text);
	else if (r == 0 && before < 0)
		log_line(LOG_NOTICE, "the scheduler hears signs of life again");
}

static _Noreturn void beat(const struct scheduler *scheduler, unsigned seconds, pid_t parent)
{
	static const int signals[] = { SIGTERM, SIGINT };
	int before = 0;

	/* A terminal's Ctrl-C is not for it: the job may go on. */
	setpgid(0, 0);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		signal(signals[i], SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "testbox-beat");
	while (getppid() == parent) {
		auto_failure struct failure f = { 0 };
		int r = scheduler_beat(scheduler, &f);

		if (r == -ENOTSUP)
			break;
		tell(r, before, &f);
		before = r;
		sleep(seconds);
	}
	_exit(0);
}

pid_t heartbeat_start(const struct scheduler *scheduler, unsigned seconds)
{
	pid_t parent = getpid(), pid = fork();

	if (pid == 0)
		beat(scheduler, seconds ? seconds : HEARTBEAT_S, parent);
	return pid;
}

void heartbeat_stop(pid_t pid)
{
	if (pid <= 0)
		return;
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}
