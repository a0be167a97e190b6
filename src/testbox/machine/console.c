// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/console.h"

#include "src/common/clock.h"
#include "src/common/mem.h"
#include "src/rootovl/settings/root_mask.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define LOG_BYTES_MAX (256ull << 20) /* a machine may say more; the host's disk is not its own */
#define CHUNK	      4096
#define IDLE_REASON   "login: with no job: the root is up, and no unit of it starts one"

int console_open(struct console *console, const struct box *box, int fd, bool terminal,
		 const char *args, struct failure *f)
{
	auto_free char *log = xasprintf("%s/console.log", box->dir);
	auto_free char *old = xasprintf("%s.old", log);
	int log_fd;

	*console = (struct console){
		.fd = fd,
		.listener = -1,
		.terminal = terminal,
		.secrets = root_mask_secrets(args),
		.heard_ms = clock_ms(),
	};
	for (size_t i = 0; i < CONSOLE_VIEWERS; i++)
		console->viewers[i] = -1;
	rename(log, old);
	/* The kernel says its command line, and that may have passwords in it. */
	log_fd = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	console->log = log_fd < 0 ? NULL : fdopen(log_fd, "w");
	if (!console->log)
		return fail_errno(f, errno, NULL, "%s", log);
	setvbuf(console->log, NULL, _IOLBF, 0);
	console->listener = box_listen(box, BOX_CONSOLE);
	if (console->listener < 0)
		return fail_errno(f, -console->listener, NULL, "%s/" BOX_CONSOLE, box->run);
	return 0;
}

/*
 * The kernel prints its line, and which words of it are not its own. It may be another line than
 * the one that the machine began with, after kexec for example. Owned.
 */
static char *without_passwords(const char *line)
{
	static const char *const begins[] = { "ommand line: ", "ommand line parameters \"" };

	for (size_t i = 0; i < ARRAY_SIZE(begins); i++) {
		const char *said = strstr(line, begins[i]);
		auto_free char *masked = NULL;

		if (!said)
			continue;
		said += strlen(begins[i]);
		masked = root_mask_line(said);
		return xasprintf("%.*s%s", (int)(said - line), line, masked);
	}
	return xstrdup(line);
}

/* `text` with `to` wherever `from` was; `text` is taken. */
static char *replaced(char *text, const char *from, const char *to)
{
	char *at = strstr(text, from);

	while (at) {
		size_t done = (size_t)(at - text) + strlen(to);

		set_text(&text,
			 xasprintf("%.*s%s%s", (int)(at - text), text, to, at + strlen(from)));
		at = strstr(text + done, from);
	}
	return text;
}

/* A line as it may be kept. Owned. */
static char *masked(const struct console *console, const char *line)
{
	char *text = without_passwords(line);

	for (char **pair = console->secrets; pair && *pair; pair += 2)
		text = replaced(text, pair[0], pair[1]);
	return text;
}

void console_trouble(struct console *console, enum trouble trouble, const char *reason)
{
	bool weak = console->trouble == TROUBLE_NONE || console->trouble == TROUBLE_REFUSED ||
		    console->trouble == TROUBLE_IDLE;

	if (!weak && (trouble != TROUBLE_CRASH || console->trouble == TROUBLE_CRASH))
		return;
	free(console->reason);
	console->trouble = trouble;
	console->reason = xstrdup(reason);
}

void console_new_boot(struct console *console)
{
	free(console->reason);
	console->reason = NULL;
	console->trouble = TROUBLE_NONE;
	console->stage.ready = false;
}

static void judge(struct console *console, const char *line)
{
	auto_free char *reason = NULL;
	bool was_ready = console->stage.ready;
	enum trouble trouble = trouble_of_line(&console->stage, line, &reason);

	/* A second try from the shell went well. */
	if (console->stage.ready && !was_ready && console->trouble != TROUBLE_CRASH) {
		console_new_boot(console);
		console->stage.ready = true;
	}
	if (trouble != TROUBLE_NONE)
		console_trouble(console, trouble, reason);
}

static void write_line(void *arg, const char *line)
{
	struct console *console = arg;
	uint64_t ms = clock_wall_ns() / 1000000;
	time_t now = (time_t)(ms / 1000);
	auto_free char *shown = NULL;
	struct tm tm;
	char stamp[32];
	int n;

	judge(console, line);
	if (!console->log || console->logged >= LOG_BYTES_MAX)
		return;
	shown = masked(console, line);
	localtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%F %T", &tm);
	n = fprintf(console->log, "%s.%03u %s\n", stamp, (unsigned)(ms % 1000), shown);
	console->logged += n > 0 ? (uint64_t)n : 0;
	if (console->logged >= LOG_BYTES_MAX)
		fputs("testbox: the log ends here: the machine has said too much\n", console->log);
}

void console_note(struct console *console, const char *text)
{
	auto_free char *line = xasprintf("testbox: %s", text);
	struct lines none = { 0 };

	if (!console->log)
		return;
	lines_end(&console->lines, write_line, console);
	lines_add(&none, line, strlen(line), write_line, console);
	lines_end(&none, write_line, console);
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void console_close(struct console *console)
{
	if (console->log) {
		lines_end(&console->lines, write_line, console);
		fclose(console->log);
	}
	close_fd(&console->fd);
	close_fd(&console->listener);
	for (size_t i = 0; i < CONSOLE_VIEWERS; i++)
		close_fd(&console->viewers[i]);
	console->log = NULL;
	strv_free(console->secrets);
	console->secrets = NULL;
	free(console->reason);
	console->reason = NULL;
}

void console_poll(const struct console *console, struct pollfd *fds)
{
	fds[0] = (struct pollfd){ .fd = console->fd, .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = console->listener, .events = POLLIN };
	for (size_t i = 0; i < CONSOLE_VIEWERS; i++)
		fds[2 + i] = (struct pollfd){ .fd = console->viewers[i], .events = POLLIN };
}

static void hear_machine(struct console *console)
{
	char data[CHUNK];
	ssize_t n = recv(console->fd, data, sizeof(data), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		close_fd(&console->fd);
		return;
	}
	if (console->terminal)
		(void)!write(STDOUT_FILENO, data, (size_t)n);
	/* Who does not keep up loses some: the machine must not wait for a viewer. */
	for (size_t i = 0; i < CONSOLE_VIEWERS; i++)
		if (console->viewers[i] >= 0)
			send(console->viewers[i], data, (size_t)n, MSG_DONTWAIT | MSG_NOSIGNAL);
	lines_add(&console->lines, data, (size_t)n, write_line, console);
	console->heard_ms = clock_ms();
	if (console->stage.no_job && trouble_is_login(console->lines.text, console->lines.len))
		console_trouble(console, TROUBLE_IDLE, IDLE_REASON);
}

static void hear_viewer(struct console *console, int *viewer)
{
	char data[CHUNK];
	ssize_t n = recv(*viewer, data, sizeof(data), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0)
		close_fd(viewer);
	else if (console->fd >= 0)
		send(console->fd, data, (size_t)n, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void take_viewer(struct console *console)
{
	int fd = accept4(console->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	for (size_t i = 0; fd >= 0 && i < CONSOLE_VIEWERS; i++) {
		if (console->viewers[i] < 0) {
			console->viewers[i] = fd;
			return;
		}
	}
	close_fd(&fd);
}

void console_handle(struct console *console, const struct pollfd *fds)
{
	if (fds[0].revents && console->fd >= 0)
		hear_machine(console);
	for (size_t i = 0; i < CONSOLE_VIEWERS; i++)
		if (fds[2 + i].revents && console->viewers[i] >= 0)
			hear_viewer(console, &console->viewers[i]);
	if (fds[1].revents)
		take_viewer(console);
}
