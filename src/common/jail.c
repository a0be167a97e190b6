// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/jail.h"

#include "src/common/clock.h"
#include "src/common/jail_child.h"
#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>

#define TICK_MS 200

/* The parent's side of a jail. */
struct keeper {
	const struct jail *jail;
	const char *name;
	pid_t pid;
	int pipe;
	char *data;
	size_t len, room;
	bool answered; /* the tail of a function's answer has arrived */
	uint64_t end;  /* on the clock of clock_ms() */
};

static unsigned cpu_of(const struct jail *jail)
{
	return jail->cpu_s ? jail->cpu_s : JAIL_CPU_S;
}

/* Reads from the pipe. Returns 1 at its end, 0 if more may come, or -errno. */
static int take(struct keeper *keeper, struct failure *f)
{
	size_t max = keeper->jail->answer_max ? keeper->jail->answer_max : JAIL_ANSWER_MAX;
	ssize_t n;

	max += keeper->jail->work ? JAIL_TAIL_MAX : 0;
	if (keeper->room - keeper->len < 4096) {
		keeper->room = keeper->room * 2 + 8192;
		keeper->data = xreallocarray(keeper->data, keeper->room, 1);
	}
	n = read(keeper->pipe, keeper->data + keeper->len, keeper->room - keeper->len - 1);
	if (n < 0)
		return errno == EINTR || errno == EAGAIN
			       ? 0
			       : fail_errno(f, errno, NULL, "%s", keeper->name);
	keeper->len += (size_t)n;
	keeper->data[keeper->len] = '\0';
	if (keeper->len > max)
		return fail(f, E2BIG, NULL, "%s: it gives a longer answer than is taken",
			    keeper->name);
	return n == 0;
}

/* Reads until the child closes its end of the pipe. */
static int listen_to(struct keeper *keeper, struct failure *f)
{
	const volatile sig_atomic_t *stop = keeper->jail->stop;
	struct pollfd poll_fd = { .fd = keeper->pipe, .events = POLLIN };
	int r = 0;

	while (r == 0) {
		if (stop && *stop)
			return fail(f, EINTR, NULL, "interrupted");
		if (clock_ms() >= keeper->end)
			return fail(f, ETIME, NULL,
				    "%s: it takes too much time: not looked at any further",
				    keeper->name);
		if (keeper->jail->tick)
			keeper->jail->tick(keeper->jail->tick_arg);
		if (poll(&poll_fd, 1, TICK_MS) > 0)
			r = take(keeper, f);
	}
	return r < 0 ? r : 0;
}

static int fail_signal(const struct keeper *keeper, int number, struct failure *f)
{
	if (number == SIGXCPU || number == SIGKILL)
		return fail(f, ETIME, NULL,
			    "%s: it takes more than %u s of processor time: not looked at any "
			    "further",
			    keeper->name, cpu_of(keeper->jail));
	if (number == SIGXFSZ)
		return fail(f, EFBIG, NULL, "%s: it makes a larger file than is taken",
			    keeper->name);
	return fail(f, EPROTO, "it may be made to break programs: report it",
		    "%s: what looked at it died of signal %d", keeper->name, number);
}

/* Splits off the tail. A function's answer ends with two texts and a struct jail_tail. */
static int read_tail(struct keeper *keeper, struct failure *f)
{
	struct jail_tail tail;
	const char *what, *hint;

	if (keeper->len < sizeof(tail))
		goto lies;
	keeper->len -= sizeof(tail);
	memcpy(&tail, keeper->data + keeper->len, sizeof(tail));
	if (tail.what > JAIL_TEXT_MAX || tail.hint > JAIL_TEXT_MAX ||
	    tail.what + tail.hint > keeper->len || tail.result < -4095)
		goto lies;
	keeper->len -= tail.what + tail.hint;
	what = keeper->data + keeper->len;
	hint = what + tail.what;
	if (tail.result < 0) {
		auto_free char *said = xstrndup(what, tail.what);
		auto_free char *more = tail.hint ? xstrndup(hint, tail.hint) : NULL;

		fail(f, -tail.result, more, "%s", said);
	}
	keeper->data[keeper->len] = '\0';
	keeper->answered = true;
	return tail.result;
lies:
	return fail(f, EPROTO, NULL, "%s: what looked at it gave no answer", keeper->name);
}

static int judge(struct keeper *keeper, int status, struct failure *f)
{
	if (WIFSIGNALED(status))
		return fail_signal(keeper, WTERMSIG(status), f);
	if (!keeper->jail->work && WEXITSTATUS(status) != JAIL_FAILED)
		return WEXITSTATUS(status);
	if (WEXITSTATUS(status) == JAIL_NO_MEMORY)
		return fail(f, ENOMEM, NULL, "%s: it takes more memory than it is given",
			    keeper->name);
	return read_tail(keeper, f);
}

static int keep(struct keeper *keeper, struct failure *f)
{
	int r = listen_to(keeper, f), status = 0;

	if (r < 0)
		kill(keeper->pid, SIGKILL);
	while (waitpid(keeper->pid, &status, 0) < 0 && errno == EINTR)
		;
	return r < 0 ? r : judge(keeper, status, f);
}

int run_jailed(const struct jail *jail, char **ret, size_t *ret_len, struct failure *f)
{
	const char *program = jail->argv ? jail->argv[0] : "this";
	struct keeper keeper = { .jail = jail, .name = jail->name ? jail->name : program };
	unsigned wait_s = jail->deadline_s ? jail->deadline_s : 4 * cpu_of(jail);
	pid_t parent = getpid();
	int ends[2], r;

	*ret = NULL;
	*ret_len = 0;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return fail_errno(f, errno, NULL, "%s", keeper.name);
	fflush(stdout);
	keeper.end = clock_ms() + wait_s * 1000ull;
	keeper.pipe = ends[0];
	keeper.pid = fork();
	if (keeper.pid == 0)
		jail_child(jail, ends[1], parent);
	r = keeper.pid < 0 ? fail_errno(f, errno, NULL, "%s", keeper.name) : 0;
	close(ends[1]);
	if (r == 0)
		r = keep(&keeper, f);
	close(ends[0]);
	if (r < 0 && !keeper.answered) {
		free(keeper.data);
		return r;
	}
	*ret = STEAL(keeper.data);
	*ret_len = keeper.len;
	return r;
}
