// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/machine_watch.h"

#include "src/common/clock.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/testbox/machine/machine_stop.h"
#include "src/testbox/machine/room.h"
#include "src/testbox/plan/machine_plan.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define TICK_MS	    200
#define DRAIN_MAX   4096  /* rounds: what a machine says last is heard, but not for ever */
#define BOOTS_MAX   5	  /* that fail, and reboot by themselves */
#define SHUTDOWN_MS 60000 /* that a machine may take from its power button to its end */

enum {
	FD_QEMU,
	FD_QMP,
	FD_PORT,
	FD_GUARD,
	FD_OUTPUT,
	FD_SHARE_OUTPUT,
	FD_CONSOLE,
	FDS = FD_CONSOLE + CONSOLE_FDS,
};

/* What comes of a trouble, and how long the machine runs on: for the rest of a trace, for its own
 * end, until it says more. */
static const struct outcome {
	enum run_end end;
	unsigned ms;
	bool kept; /* --keep-failed keeps it */
} outcomes[] = {
	[TROUBLE_CRASH] = { RUN_CRASHED, 3000, false },
	[TROUBLE_BOOT] = { RUN_FAILED, 3000, true },
	/* The longest wait that rootovl makes, and the shutdown. */
	[TROUBLE_REBOOT] = { RUN_FAILED, 1000 * 1000, false },
	[TROUBLE_POWEROFF] = { RUN_FAILED, 60 * 1000, false },
	[TROUBLE_REFUSED] = { RUN_FAILED, 30 * 1000, true },
	/* Of silence: who starts a job in another way is heard of. */
	[TROUBLE_IDLE] = { RUN_IDLE, 60 * 1000, true },
};

/* The helper's one line: "ok", or "failed: why". */
static void take_acknowledgement(void *arg, const char *line)
{
	struct machine_watch *watch = arg;
	auto_free char *shown = trouble_printable(line), *why = NULL;

	if (watch->acknowledged != ACK_WANTED)
		return;
	watch->acknowledged = !strcmp(line, "ok") ? ACK_DONE : ACK_REFUSED;
	if (watch->acknowledged == ACK_DONE) {
		qmp_eject(&watch->qmp, PERSONALITY_ID);
		console_note(&watch->console, "the personality is acknowledged");
		return;
	}
	why = xasprintf("the personality was refused%s",
			!strncmp(shown, "failed: ", 8) ? shown + 6 : "");
	console_trouble(&watch->console, TROUBLE_REFUSED, why);
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
	fds[FD_OUTPUT] = (struct pollfd){ .fd = watch->output.fd, .events = POLLIN };
	fds[FD_SHARE_OUTPUT] = (struct pollfd){ .fd = watch->share_output.fd, .events = POLLIN };
	console_poll(&watch->console, &fds[FD_CONSOLE]);
	if (poll(fds, FDS, timeout_ms) <= 0)
		return false;
	console_handle(&watch->console, &fds[FD_CONSOLE]);
	if (fds[FD_QMP].revents)
		qmp_handle(&watch->qmp);
	if (fds[FD_PORT].revents)
		hear_port(watch);
	if (fds[FD_OUTPUT].revents)
		cut_log_take(&watch->output);
	if (fds[FD_SHARE_OUTPUT].revents)
		cut_log_take(&watch->share_output);
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

static void set_result(struct run_result *ret, enum run_end end, const char *reason)
{
	*ret = (struct run_result){ end, -1, reason ? xstrdup(reason) : NULL };
}

/* QEMU is gone: why? */
static int judge_end(struct machine_watch *watch, struct run_result *ret, struct failure *f)
{
	const struct console *console = &watch->console;
	int status = 0;

	drain(watch);
	waitpid(watch->qemu, &status, 0);
	undo_forget_process(watch->box->undo, watch->qemu);
	if (watch->qmp.end == QMP_PANIC && console->trouble != TROUBLE_CRASH)
		set_result(ret, RUN_CRASHED, "kernel panic");
	else if (console->trouble != TROUBLE_NONE && console->trouble != TROUBLE_IDLE)
		set_result(ret, outcomes[console->trouble].end, console->reason);
	else if (watch->stop_ms)
		set_result(ret, RUN_STOPPED, "shut down by testbox stop");
	else if (watch->qmp.end == QMP_POWEROFF || watch->qmp.end == QMP_REBOOT)
		set_result(ret, RUN_ENDED, NULL);
	else if (WIFSIGNALED(status))
		return fail(f, EIO, NULL, "QEMU was ended by signal %d (%s)", WTERMSIG(status),
			    strsignal(WTERMSIG(status)));
	else
		return fail(f, EIO, NULL, "QEMU ended by itself with status %d",
			    WEXITSTATUS(status));
	return 0;
}

/*
 * The reset after a boot that failed: the machine may try again, some times. The firmware may reset
 * it once more; so it is the new boot's first word that ends this.
 */
static void take_resets(struct machine_watch *watch)
{
	if (watch->console.trouble == TROUBLE_REBOOT && !watch->trouble_ms &&
	    ++watch->boots_failed < BOOTS_MAX)
		qmp_let_reset(&watch->qmp, true);
	if (watch->qmp.resets) {
		watch->qmp.resets = 0;
		watch->resetting = true;
		watch->boot_ms = clock_ms();
		console_new_boot(&watch->console);
		if (watch->acknowledged == ACK_REFUSED)
			watch->acknowledged = ACK_WANTED;
	}
	if (watch->resetting && watch->console.heard_ms > watch->boot_ms) {
		watch->resetting = false;
		qmp_let_reset(&watch->qmp, false);
	}
}

/* Gives 1 when its trouble ends the machine. */
static int check_trouble(struct machine_watch *watch, uint64_t now, struct run_result *ret)
{
	const struct console *console = &watch->console;
	const struct outcome *outcome = &outcomes[console->trouble];
	uint64_t since;

	if (console->trouble == TROUBLE_NONE) {
		watch->trouble_ms = 0;
		return 0;
	}
	if (!watch->trouble_ms) {
		watch->trouble_ms = now;
		if (watch->keep_failed && outcome->kept)
			log_line(LOG_NOTICE,
				 "%s: %s; kept: testbox console %s, testbox stop --machine %s",
				 watch->box->name, console->reason, watch->box->name,
				 watch->box->name);
	}
	since = console->trouble == TROUBLE_IDLE ? console->heard_ms : watch->trouble_ms;
	if ((watch->keep_failed && outcome->kept) || now < since + outcome->ms)
		return 0;
	set_result(ret, outcome->end, console->reason);
	return 1;
}

/* Gives 1 when somebody's wish ends the machine. */
static int check_stop(struct machine_watch *watch, uint64_t now, struct run_result *ret)
{
	int asked = machine_stop_asked;

	if (!(asked & (MACHINE_STOP | MACHINE_STOP_SHUTDOWN)))
		return 0;
	if ((asked & MACHINE_STOP_SHUTDOWN) && !watch->stop_ms) {
		watch->stop_ms = now;
		console_note(&watch->console, "the power button is pressed: testbox stop");
		qmp_power_button(&watch->qmp);
	}
	if ((asked & MACHINE_STOP_SHUTDOWN) && now < watch->stop_ms + SHUTDOWN_MS)
		return 0;
	set_result(ret, RUN_STOPPED, "ended by testbox stop");
	return 1;
}

static int check_acknowledgement(const struct machine_watch *watch, uint64_t now, struct failure *f)
{
	if (watch->acknowledged == ACK_WANTED && watch->console.trouble == TROUBLE_NONE &&
	    now >= watch->boot_ms + watch->acknowledge * 1000ull)
		return fail(f, ETIMEDOUT, "is rootovl in this image, and switched on?",
			    "the personality was not acknowledged within %u s", watch->acknowledge);
	return 0;
}

static int check_room(struct machine_watch *watch, struct failure *f)
{
	const char *full = NULL;

	if (watch->writes >= 0 && room_is_short(watch->writes))
		full = watch->box->dir;
	else if (watch->results.dir >= 0 && room_is_short(watch->results.dir))
		full = watch->result;
	if (full)
		return fail(f, ENOSPC, "of the machine's disks or of others on this host",
			    "%s: the file system is full but for the reserve", full);
	return results_room_look(&watch->results, watch->result, f);
}

/* What ends the machine from outside. Gives 1 when it must end, 0, or a failure. */
static int must_end(struct machine_watch *watch, struct run_result *ret, struct failure *f)
{
	uint64_t now = clock_ms();
	int r;

	if (*watch->stop)
		return fail(f, EINTR, NULL, "interrupted");
	if (watch->qmp.not_begun)
		return fail(f, EPROTO, NULL, "QEMU does not take the kernel line: %s",
			    watch->qmp.error);
	r = check_room(watch, f);
	if (r < 0)
		return r;
	take_resets(watch);
	r = check_stop(watch, now, ret);
	if (r == 0)
		r = check_trouble(watch, now, ret);
	if (r == 0)
		r = check_acknowledgement(watch, now, f);
	if (r == 0 && now >= watch->began_ms + watch->timeout * 1000ull) {
		const struct console *console = &watch->console;

		if (console->trouble == TROUBLE_NONE)
			set_result(ret, RUN_DEADLINE, "deadline");
		else
			set_result(ret, outcomes[console->trouble].end, console->reason);
		r = 1;
	}
	return r;
}

int machine_watch(struct machine_watch *watch, struct run_result *ret, struct failure *f)
{
	auto_close int pidfd = pidfd_open(watch->qemu, 0);
	struct pollfd fds[FDS];
	int r;

	if (pidfd < 0)
		return fail_errno(f, errno, NULL, "pidfd_open(2)");
	watch->began_ms = watch->boot_ms = clock_ms();
	for (;;) {
		if (take_events(watch, pidfd, TICK_MS, fds)) {
			if (fds[FD_QEMU].revents)
				break;
			if (fds[FD_GUARD].revents)
				return fail(f, EPIPE, NULL, "the guard was ended; so the run is");
		}
		r = must_end(watch, ret, f);
		if (r)
			return r < 0 ? r : 0;
	}
	r = judge_end(watch, ret, f);
	if (r == 0 && ret->end == RUN_ENDED && watch->acknowledged == ACK_WANTED)
		return fail(f, EPROTO, "is rootovl in this image, and switched on?",
			    "the machine ended, and had not acknowledged its personality");
	return r;
}
