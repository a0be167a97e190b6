// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/init/init.h"

#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/boot/boot_main.h"
#include "src/rootovl/init/drivers.h"
#include "src/rootovl/init/filesystems.h"
#include "src/rootovl/init/network.h"
#include "src/rootovl/init/shell.h"
#include "src/rootovl/init/switch_root.h"
#include "src/rootovl/machine/command_line.h"
#include "src/rootovl/settings/settings.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <unistd.h>

#define SYSTEMD "/usr/lib/systemd/systemd"
#define PATH	"/usr/sbin:/usr/bin:/sbin:/bin"

/* The words of the kernel line, and whether they were read without a fault. */
struct line {
	struct cmdline cmdline;
	struct settings settings;
	bool read;
};

static void read_line(struct line *line)
{
	auto_failure struct failure f = { 0 };

	line->read = command_line_read(&line->cmdline, &f) == 0 &&
		     settings_read(&line->settings, &line->cmdline, &f) == 0;
}

static bool needs_systemd(const struct line *line)
{
	return !line->settings.enabled || !line->read || line->settings.long_because ||
	       filesystems_have_units();
}

/* Returns only where the image has no systemd. */
static void become_systemd(char **argv)
{
	filesystems_end();
	argv[0] = (char *)SYSTEMD;
	execv(SYSTEMD, argv);
}

/* A line for people, before the machine stops: the kernel's own panic does not say whose fault it
 * is. */
static void on_fault(int signal)
{
	static const char text[] =
		"rootovl: /init itself has crashed: report this, with the console\r\n";

	(void)!write(STDERR_FILENO, text, sizeof(text) - 1);
	_exit(128 + signal);
}

static void catch_faults(void)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT };

	for (size_t i = 0; i < ARRAY_SIZE(faults); i++)
		signal(faults[i], on_fault);
}

/* The boot, in a process of its own: what happens to it is no panic. Returns whether the root is
 * ready. */
static bool boot_root(void)
{
	pid_t child = fork(), ended;
	int status = 0;

	if (child == 0) {
		setsid();
		_exit(command_boot.run(NULL));
	}
	if (child < 0)
		log_console(LOG_ERR, "failed: a process of its own: %s", strerror(errno));
	do
		ended = wait(&status);
	while (ended != child && (ended > 0 || errno == EINTR));
	if (ended == child && WIFSIGNALED(status))
		log_console(LOG_ERR,
			    "failed: rootovl itself was ended by signal %d (report this, with the "
			    "console)",
			    WTERMSIG(status));
	return ended == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Nothing of the initramfs runs on in the root. */
static void end_all(void)
{
	kill(-1, SIGKILL);
	while (wait(NULL) > 0 || errno == EINTR)
		continue;
}

static void take_short_way(const struct line *line, char **argv)
{
	auto_failure struct failure f = { 0 };

	filesystems_complete();
	log_to_kernel();
	catch_faults();
	setenv("PATH", PATH, 1);
	drivers_start();
	network_start(&line->settings);
	while (!boot_root())
		shell_run();
	end_all();
	unsetenv("PATH");
	switch_root(line->settings.init, argv, &f);
	log_console(LOG_ERR, "failed: switch root: %s", f.what);
}

int init_run(char **argv)
{
	struct line line = { 0 };

	filesystems_begin();
	read_line(&line);
	if (needs_systemd(&line))
		become_systemd(argv);
	take_short_way(&line, argv);
	for (;;)
		shell_run();
}
