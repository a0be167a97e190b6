// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/commands/control.h"

#include "src/common/interrupt.h"
#include "src/common/mem.h"
#include "src/common/pause.h"
#include "src/testbox/commands/exit_code.h"
#include "src/testbox/machine/box.h"
#include "src/testbox/plan/host.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <termios.h>

#define LOOK_S 0.05
#define ESCAPE 0x1d /* Ctrl-], as telnet(1) has it */
#define CHUNK  4096

static const struct command_operand name_operand[] = { { "NAME", .kind = COMMAND_NAME }, { 0 } };

static int run_stop(const struct command_line *line)
{
	const char *name = line->operands[0];
	auto_failure struct failure f = { 0 };
	struct box_status status;
	bool twice = command_value(line, "now");
	auto_close int launcher = -1;

	if (box_status(name, &status, &f) < 0)
		return command_failed(&f);
	do {
		/* Not there: it has not said yet who it is; or it is gone, and its guard at work.
		 */
		if (launcher < 0) {
			launcher = box_launcher(&status);
			pidfd_send_signal(launcher, SIGTERM, NULL, 0);
		} else if (twice) {
			pidfd_send_signal(launcher, SIGTERM, NULL, 0);
			twice = false;
		}
		box_status_done(&status);
		pause_for(LOOK_S, &interrupted);
	} while (!interrupted && box_status(name, &status, &f) == 0);
	return EXIT_OK;
}

const struct command command_stop = {
	.name = "stop",
	.meaning = "end a machine",
	.synopsis = "[--now] NAME",
	.about =
		"Ends the machine of a launcher, and waits until nothing of it is left. A launcher "
		"that serves a scheduler lets its job finish first.",
	.options = (const struct command_option[]){ { "now", .help = "end the job too" }, { 0 } },
	.operands = name_operand,
	.exits = "Exit status: 0 ended, 121 failed (it does not run), 122 wrong usage.",
	.run = run_stop,
};

static int run_list(const struct command_line *line)
{
	auto_strv char **names = NULL;

	(void)line;
	names = box_names();
	for (char **name = names; name && *name; name++) {
		auto_failure struct failure f = { 0 };
		struct box_status status;

		if (box_status(*name, &status, &f) < 0)
			continue;
		printf("%-24s %7d %8u s  %s\n", *name, (int)status.pid, status.seconds,
		       status.doing);
		box_status_done(&status);
	}
	return EXIT_OK;
}

const struct command command_list = {
	.name = "list",
	.meaning = "show the machines that run",
	.synopsis = "",
	.about = "Lists the testboxes that run: name, process, seconds, what they do.",
	.exits = "Exit status: 0.",
	.run = run_list,
};

/* Prints what the file has from here on. */
static void print_rest(int fd)
{
	char data[CHUNK];
	ssize_t n;

	while ((n = read(fd, data, sizeof(data))) > 0)
		if (write(STDOUT_FILENO, data, (size_t)n) < 0)
			return;
}

static int run_log(const struct command_line *line)
{
	const char *name = line->operands[0];
	bool follow = command_value(line, "follow");
	auto_failure struct failure f = { 0 };
	auto_free char *state = box_state_dir(), *path = NULL;
	auto_close int fd = -1;
	struct box_status status;

	path = xasprintf("%s/%s/console.log", state, name);
	fd = host_name_valid(name) ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
	if (fd < 0) {
		fail(&f, ENOENT, NULL, "%s: no machine of this name has run", name);
		return command_failed(&f);
	}
	print_rest(fd);
	while (follow && !interrupted && box_status(name, &status, &f) == 0) {
		box_status_done(&status);
		pause_for(2 * LOOK_S, &interrupted);
		print_rest(fd);
	}
	return EXIT_OK;
}

const struct command command_log = {
	.name = "log",
	.meaning = "show what a machine's console said",
	.synopsis = "[-f] NAME",
	.about = "Prints what the console of a machine said, the running one or the last, with "
		 "times.",
	.options =
		(const struct command_option[]){
			{ "follow", 'f', .help = "go on until the machine ends" }, { 0 } },
	.operands = name_operand,
	.exits = "Exit status: 0 printed, 121 failed, 122 wrong usage.",
	.run = run_log,
};

/* Both ways, until one side has enough. */
static void talk(int machine)
{
	struct pollfd fds[] = { { .fd = STDIN_FILENO, .events = POLLIN },
				{ .fd = machine, .events = POLLIN } };
	char data[CHUNK];

	while (!interrupted && poll(fds, ARRAY_SIZE(fds), -1) >= 0) {
		ssize_t n;

		if (fds[1].revents) {
			n = read(machine, data, sizeof(data));
			if (n <= 0 || write(STDOUT_FILENO, data, (size_t)n) < 0)
				return;
		}
		if (!fds[0].revents)
			continue;
		n = read(STDIN_FILENO, data, sizeof(data));
		if (n <= 0)
			fds[0].fd = -1; /* only watching from now on */
		else if (memchr(data, ESCAPE, (size_t)n) ||
			 send(machine, data, (size_t)n, MSG_NOSIGNAL) < 0)
			return;
	}
}

static int run_console(const struct command_line *line)
{
	const char *name = line->operands[0];
	auto_failure struct failure f = { 0 };
	struct termios before, raw;
	bool terminal;
	auto_close int machine = host_name_valid(name) ? box_connect(name, BOX_CONSOLE) : -ENOENT;

	if (machine < 0) {
		fail(&f, -machine, "testbox list shows who is running", "%s: no console", name);
		return command_failed(&f);
	}
	fcntl(machine, F_SETFL, 0); /* box_connect()'s does not block */
	terminal = tcgetattr(STDIN_FILENO, &before) == 0;
	if (terminal) {
		raw = before;
		cfmakeraw(&raw);
		tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	}
	talk(machine);
	if (terminal)
		tcsetattr(STDIN_FILENO, TCSANOW, &before);
	return EXIT_OK;
}

const struct command command_console = {
	.name = "console",
	.meaning = "watch a machine's console, and type on it",
	.synopsis = "NAME",
	.about = "Shows the console of a running machine and types on it what comes from standard "
		 "input. Ctrl-] leaves it. Several may watch.",
	.operands = name_operand,
	.exits = "Exit status: 0 left, or the machine has ended; 121 failed, 122 wrong usage.",
	.run = run_console,
};
