// SPDX-License-Identifier: GPL-2.0-or-later
/* `testbox stop`, `list`, `log`, `console`: machines that others run. */
#include "src/common/interrupt.h"
#include "src/common/mem.h"
#include "src/common/pause.h"
#include "src/testbox/commands/commands.h"
#include "src/testbox/machine/box.h"
#include "src/testbox/plan/host.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>

#define LOOK_S 0.05
#define ESCAPE 0x1d /* Ctrl-], as telnet(1) has it */
#define CHUNK  4096

static const char stop_help[] =
	"usage: testbox stop [--now] NAME\n"
	"Ends the machine of a launcher, and waits until nothing of it is left. A launcher that\n"
	"serves a scheduler lets its job finish first.\n"
	"\n"
	"  --now   end the job too\n"
	"  --help  this text\n"
	"\n"
	"Exit status: 0 ended, 121 failed (it does not run), 122 wrong usage.\n";
static const char list_help[] = "usage: testbox list\n"
				"Lists the testboxes that run: name, process, seconds, what they "
				"do.\n"
				"\n"
				"Exit status: 0.\n";
static const char log_help[] =
	"usage: testbox log [-f] NAME\n"
	"Prints what the console of a machine said, the running one or the last, with times.\n"
	"\n"
	"  -f, --follow  go on until the machine ends\n"
	"      --help    this text\n"
	"\n"
	"Exit status: 0 printed, 121 failed, 122 wrong usage.\n";
static const char console_help[] =
	"usage: testbox console NAME\n"
	"Shows the console of a running machine and types on it what comes from standard input.\n"
	"Ctrl-] leaves it. Several may watch.\n"
	"\n"
	"Exit status: 0 left, or the machine has ended; 121 failed, 122 wrong usage.\n";

/* One name and perhaps one switch. Gives -1 to go on, or the exit status. */
static int read_arguments(const char *name, int argc, char **argv, const struct option *flag,
			  const char *help, bool *ret_flag)
{
	const struct option options[] = { { "help", no_argument, NULL, 'h' }, *flag, { 0 } };
	char letters[] = { 'h', flag->name ? (char)flag->val : '\0', '\0' };
	int option;

	while ((option = getopt_long(argc, argv, letters, options, NULL)) != -1) {
		if (option == 'h')
			return fputs(help, stdout) < 0 ? EXIT_FAILED : EXIT_OK;
		if (option == '?')
			return command_usage(name, "wrong usage");
		*ret_flag = true;
	}
	return optind + 1 == argc ? -1 : command_usage(name, "which NAME?");
}

int command_stop(int argc, char **argv)
{
	const struct option now = { "now", no_argument, NULL, 'N' };
	auto_failure struct failure f = { 0 };
	struct box_status status;
	bool twice = false;
	int code = read_arguments("stop", argc, argv, &now, stop_help, &twice);
	auto_close int launcher = -1;

	if (code >= 0)
		return code;
	if (box_status(argv[optind], &status, &f) < 0)
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
	} while (!interrupted && box_status(argv[optind], &status, &f) == 0);
	return EXIT_OK;
}

int command_list(int argc, char **argv)
{
	auto_strv char **names = NULL;

	if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")))
		return fputs(list_help, stdout) < 0 ? EXIT_FAILED : EXIT_OK;
	if (argc > 1)
		return command_usage("list", "it takes no arguments");
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

/* Prints what the file has from here on. */
static void print_rest(int fd)
{
	char data[CHUNK];
	ssize_t n;

	while ((n = read(fd, data, sizeof(data))) > 0)
		if (write(STDOUT_FILENO, data, (size_t)n) < 0)
			return;
}

int command_log(int argc, char **argv)
{
	const struct option flag = { "follow", no_argument, NULL, 'f' };
	auto_failure struct failure f = { 0 };
	auto_free char *state = box_state_dir(), *path = NULL;
	auto_close int fd = -1;
	struct box_status status;
	bool follow = false;
	int code = read_arguments("log", argc, argv, &flag, log_help, &follow);
	const char *name;

	if (code >= 0)
		return code;
	name = argv[optind];
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

int command_console(int argc, char **argv)
{
	static const struct option none = { 0 };
	auto_failure struct failure f = { 0 };
	struct termios before, raw;
	bool unused = false, terminal;
	int code = read_arguments("console", argc, argv, &none, console_help, &unused);
	auto_close int machine = -1;

	if (code >= 0)
		return code;
	machine = host_name_valid(argv[optind]) ? box_connect(argv[optind], BOX_CONSOLE) : -ENOENT;
	if (machine < 0) {
		fail(&f, -machine, "testbox list shows who is running", "%s: no console",
		     argv[optind]);
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
