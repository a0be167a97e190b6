// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/machine_watch.h"

#include "src/common/clock.h"
#include "src/common/mem.h"
#include "src/testbox/plan/machine_plan.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define TICK_MS	  200
#define LAST_MS	  3000 /* that a crashed kernel has for the rest of its trace */
#define DRAIN_MAX 4096 /* rounds: what a machine says last is heard, but not for ever */

enum {
	FD_QEMU,
	FD_QMP,
	FD_PORT,
	FD_GUARD,
	FD_CONSOLE,
	FDS = FD_CONSOLE + CONSOLE_FDS,
};

/* The helper's one line: "ok", or "failed: why". */
static void take_acknowledgement(void *arg, const char *line)
{
	struct machine_watch *watch = arg;

	if (watch->acknowledged != ACK_WANTED)
		return;
	watch->acknowledged = !strcmp(line, "ok") ? ACK_DONE : ACK_REFUSED;
	if (watch->acknowledged == ACK_DONE) {
		qmp_eject(&watch->qmp, PERSONALITY_ID);
		console_note(&watch->console, "the personality is acknowledged");
	}
}

static void hear_port(struct machine_watch *watch)
{
	char data[256];
	ssize_t n = recv(watch->port, data, sizeof(data), MSG_DONTWAIT);

	if (n > 0)
		lines_add(&watch->port_lines, data, (size_t)n, take_acknowledgement, watch);
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		watch->port = -1;
}

/* Waits for something to happen, and takes it in. Gives whether there was anything. */
static bool take_events(struct machine_watch *watch, int pidfd, int timeout_ms, struct pollfd *fds)
{
	fds[FD_QEMU] = (struct pollfd){ .fd = pidfd, .events = POLLIN };
	fds[FD_QMP] = (struct pollfd){ .fd = watch->qmp.fd, .events = POLLIN };
	fds[FD_PORT] = (struct pollfd){ .fd = watch->port, .events = POLLIN };
	fds[FD_GUARD] = (struct pollfd){ .fd = undo_guard_fd(watch->box->undo) };
	console_poll(&watch->console, &fds[FD_CONSOLE]);
	if (poll(fds, FDS, timeout_ms) <= 0)
		return false;
	console_handle(&watch->console, &fds[FD_CONSOLE]);
	if (fds[FD_QMP].revents)
		qmp_handle(&watch->qmp);
	if (fds[FD_PORT].revents)
		hear_port(watch);
	return true;
}

/* What the machine and QEMU said before the end. */
static void drain(struct machine_watch *watch)
{
	struct pollfd fds[FDS];

	for (int i = 0; i < DRAIN_MAX && (watch->console.fd >= 0 || watch->qmp.fd >= 0); i++)
		if (!take_events(watch, -1, 0, fds))
			break;
}

/* QEMU is gone: why? */
static int judge_end(struct machine_watch *watch, struct run_result *ret, struct failure *f)
{
	int status = 0;

	drain(watch);
	waitpid(watch->qemu, &status, 0);
	undo_forget_process(watch->box->undo, watch->qemu);
	if (watch->console.reason || watch->qmp.end == QMP_PANIC) {
		const char *reason = watch->console.reason ? watch->console.reason : "kernel panic";

		*ret = (struct run_result){ RUN_CRASHED, -1, xstrdup(reason) };
		return 0;
	}
	if (watch->qmp.end == QMP_POWEROFF || watch->qmp.end == QMP_REBOOT) {
		*ret = (struct run_result){ RUN_ENDED, -1, NULL };
		return 0;
	}
	if (WIFSIGNALED(status))
		return fail(f, EIO, NULL, "QEMU was ended by signal %d (%s)", WTERMSIG(status),
			    strsignal(WTERMSIG(status)));
	return fail(f, EIO, NULL, "QEMU ended by itself with status %d", WEXITSTATUS(status));
}

static int check_acknowledgement(const struct machine_watch *watch, uint64_t ran_ms,
				 struct failure *f)
{
	if (watch->acknowledged == ACK_REFUSED)
		return fail(f, EPROTO, "the console's log says why", "the personality was refused");
	if (watch->acknowledged == ACK_WANTED && ran_ms >= watch->acknowledge * 1000ull)
		return fail(f, ETIMEDOUT, "is rootovl in this image, and switched on?",
			    "the personality was not acknowledged within %u s", watch->acknowledge);
	return 0;
}

/* What ends the machine from outside. Gives 1 when it must end, 0, or a failure. */
static int must_end(struct machine_watch *watch, uint64_t ran_ms, uint64_t *crashed_ms,
		    struct run_result *ret, struct failure *f)
{
	int r;

	if (*watch->stop)
		return fail(f, EINTR, NULL, "interrupted");
	if (watch->console.reason && !*crashed_ms)
		*crashed_ms = ran_ms;
	if (*crashed_ms && ran_ms - *crashed_ms >= LAST_MS) {
		*ret = (struct run_result){ RUN_CRASHED, -1, xstrdup(watch->console.reason) };
		return 1;
	}
	r = check_acknowledgement(watch, ran_ms, f);
	if (r < 0)
		return r;
	if (ran_ms >= watch->timeout * 1000ull) {
		*ret = (struct run_result){ RUN_DEADLINE, -1, xstrdup("deadline") };
		return 1;
	}
	return 0;
}

int machine_watch(struct machine_watch *watch, struct run_result *ret, struct failure *f)
{
	auto_close int pidfd = pidfd_open(watch->qemu, 0);
	uint64_t start = clock_ms(), crashed = 0;
	struct pollfd fds[FDS];
	int r;

	if (pidfd < 0)
		return fail_errno(f, errno, NULL, "pidfd_open(2)");
	for (;;) {
		if (take_events(watch, pidfd, TICK_MS, fds)) {
			if (fds[FD_QEMU].revents)
				break;
			if (fds[FD_GUARD].revents)
				return fail(f, EPIPE, NULL, "the guard was ended; so the run is");
		}
		r = must_end(watch, clock_ms() - start, &crashed, ret, f);
		if (r)
			return r < 0 ? r : 0;
	}
	r = judge_end(watch, ret, f);
	if (r == 0 && ret->end == RUN_ENDED && watch->acknowledged == ACK_WANTED)
		return fail(f, EPROTO, "is rootovl in this image, and switched on?",
			    "the machine ended, and had not acknowledged its personality");
	return r;
}
