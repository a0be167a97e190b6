// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/commands/control.h"

#include "src/common/files.h"
#include "src/common/interrupt.h"
#include "src/common/mem.h"
#include "src/common/one_line.h"
#include "src/common/pause.h"
#include "src/testbox/commands/exit_code.h"
#include "src/testbox/machine/box.h"
#include "src/testbox/machine/machine_stop.h"
#include "src/testbox/plan/host.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>

#define LOOK_S	0.05
#define LOOK_MS 100
#define ESCAPE	0x1d /* Ctrl-], as telnet(1) has it */
#define CHUNK	4096

static const struct command_operand name_operand[] = { { "NAME", .kind = COMMAND_NAME }, { 0 } };

/* Waits until the launcher closes the console: by then nothing of the machine is left. */
static void wait_for_end(int console)
{
	struct pollfd fd = { .fd = console, .events = POLLIN };
	char data[CHUNK];

	/* A signal may come just before poll(2). */
	while (!interrupted &&
	       (poll(&fd, 1, LOOK_MS) <= 0 || read(console, data, sizeof(data)) > 0))
		continue;
}

/* Asks the launcher to end its machine, and waits for that. Returns -ENOENT where none runs. */
static int stop_machine(const char *name, int asked, struct failure *f)
{
	auto_close int console = -1, launcher = -1;
	struct box_status status;
	int r = box_status(name, &status, f);

	if (r < 0)
		return r;
	console = box_connect(name, BOX_CONSOLE);
	launcher = box_launcher(&status);
	box_status_done(&status);
	if (console < 0 || launcher < 0)
		return fail(f, ENOENT, "testbox list shows what it does", "%s: no machine runs",
			    name);
	r = machine_stop_ask(launcher, asked);
	if (r < 0)
		return fail_errno(f, -r, NULL, "%s", name);
	wait_for_end(console);
	return 0;
}

/* Ends the launcher: SIGTERM, `twice` for one that serves, to end its job too. */
static int stop_launcher(const char *name, bool twice, struct failure *f)
{
	struct box_status status;
	auto_close int launcher = -1;
	int r = box_status(name, &status, f);

	if (r < 0)
		return r;
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
	} while (!interrupted && box_status(name, &status, f) == 0);
	return 0;
}

static int run_stop(const struct command_line *line)
{
	const char *name = line->operands[0];
	bool now = command_value(line, "now"), machine = command_value(line, "machine");
	int soft = command_value(line, "shutdown") ? MACHINE_STOP_SHUTDOWN : 0;
	auto_failure struct failure f = { 0 };
	int r = 0;

	if (now && (machine || soft))
		return command_usage(line, "--now ends the launcher at once: leave out the other");
	if (machine)
		return stop_machine(name, MACHINE_STOP | soft, &f) < 0 ? command_failed(&f)
								       : EXIT_OK;
	/* Without a machine there is nothing to shut down. */
	if (soft)
		r = stop_machine(name, soft | MACHINE_STOP_LEAVE, &f);
	if (r == 0 || r == -ENOENT) {
		failure_done(&f);
		r = stop_launcher(name, now || soft, &f);
	}
	/* It ended with its machine. */
	return r < 0 && !(r == -ESRCH && soft) ? command_failed(&f) : EXIT_OK;
}

const struct command command_stop = {
	.name = "stop",
	.meaning = "end a machine",
	.synopsis = "[--machine] [--shutdown | --now] NAME",
	.about =
		"Ends the machine of a launcher, and waits until nothing of it is left. A launcher "
		"that serves a scheduler lets its job finish first.",
	.options =
		(const struct command_option[]){
			{ "machine", .help = "end the machine of the job, at once; a launcher that "
					     "serves goes on with the next job" },
			{ "shutdown", .help = "end the job too, by the machine's power button; at "
					      "once where that has no effect for 60 s" },
			{ "now", .help = "end the job too, at once" },
			{ 0 } },
	.operands = name_operand,
	.exits = "Exit status: 0 ended, 121 failed (it does not run), 122 wrong usage.",
	.run = run_stop,
};

/* A row of the list, or what `json` gets of it; -EACCES where it is another user's. */
static int list_one(const char *name, json_t *json, struct failure *f)
{
	struct box_status status;
	int r = box_status(name, &status, f);

	if (r < 0)
		return r;
	if (json)
		json_array_append_new(json, json_pack("{s:s, s:i, s:i, s:s}", "name", name, "pid",
						      (int)status.pid, "seconds",
						      (int)status.seconds, "doing", status.doing));
	else
		one_line_print(stdout, "%-24s %7d %8u s  %s", name, (int)status.pid, status.seconds,
			       status.doing);
	box_status_done(&status);
	return 0;
}

static int run_list(const struct command_line *line)
{
	json_t *json = command_value(line, "json") ? json_array() : NULL;
	auto_strv char **names = NULL;
	auto_failure struct failure failure = { 0 };
	int code = EXIT_OK;

	if (box_names(&names, &failure) < 0)
		code = command_failed(&failure);
	/* For people: programs and completion read the rows alone. */
	else if (!json && isatty(STDOUT_FILENO))
		one_line_print(stdout, "%-24s %7s %10s  %s", "NAME", "PROCESS", "TIME", "DOES");
	for (char **name = names; name && *name; name++) {
		auto_failure struct failure f = { 0 };

		if (list_one(*name, json, &f) == -EACCES)
			code = command_failed(&f);
	}
	if (json) {
		auto_free char *text = json_dumps(json, JSON_ENSURE_ASCII);

		one_line_print(stdout, "%s", text);
		json_decref(json);
	}
	return code;
}

const struct command command_list = {
	.name = "list",
	.meaning = "show the machines that run",
	.synopsis = "[--json]",
	.about = "Lists the testboxes that run: name, process, seconds, what they do.",
	.options = (const struct command_option[]){ { "json", .help = "for programs" }, { 0 } },
	.exits = "Exit status: 0; 121 where some are another user's.",
	.run = run_list,
};

/* Prints what the file has from here on; a terminal gets nothing of the machine that it obeys. */
static void print_rest(FILE *log)
{
	bool terminal = isatty(STDOUT_FILENO);
	auto_free char *line = NULL;
	size_t room = 0;
	ssize_t n;

	clearerr(log);
	while ((n = getline(&line, &room, log)) > 0) {
		if (terminal)
			one_line_each(stdout, line);
		else if (file_write_fd(STDOUT_FILENO, line, (size_t)n) < 0)
			return;
	}
	fflush(stdout);
}

static int run_log(const struct command_line *line)
{
	const char *name = line->operands[0];
	bool follow = command_value(line, "follow");
	auto_failure struct failure f = { 0 };
	auto_free char *state = box_state_dir(), *path = NULL;
	auto_fclose FILE *log = NULL;
	struct box_status status;
	struct stat st;
	int fd;

	path = xasprintf("%s/%s/console.log", state, name);
	fd = host_name_valid(name) ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
				   : -1;
	if (fd < 0 && errno == EACCES) {
		fail_errno(&f, EACCES, "it is another user's; ask as that user or root", "%s",
			   path);
		return command_failed(&f);
	}
	/* The owner of the folder can put a pipe there. Do not wait for it. */
	if (fd >= 0 && (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))) {
		close(fd);
		fail(&f, EINVAL, NULL, "%s: it is no file", path);
		return command_failed(&f);
	}
	log = fd < 0 ? NULL : fdopen(fd, "r");
	if (!log) {
		fail(&f, ENOENT, NULL, "%s: no machine of this name has run", name);
		return command_failed(&f);
	}
	print_rest(log);
	while (follow && !interrupted && box_status(name, &status, &f) == 0) {
		box_status_done(&status);
		pause_for(2 * LOOK_S, &interrupted);
		print_rest(log);
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

	while (!interrupted && poll(fds, ARRAY_SIZE(fds), LOOK_MS) >= 0) {
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
