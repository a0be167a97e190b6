// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/init/init.h"

#include "src/common/clock.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/boot/boot_end.h"
#include "src/rootovl/boot/boot_main.h"
#include "src/rootovl/boot/undo.h"
#include "src/rootovl/init/card_names.h"
#include "src/rootovl/init/drivers.h"
#include "src/rootovl/init/filesystems.h"
#include "src/rootovl/init/network.h"
#include "src/rootovl/init/reap.h"
#include "src/rootovl/init/shell.h"
#include "src/rootovl/init/switch_root.h"
#include "src/rootovl/machine/command_line.h"
#include "src/rootovl/settings/root_mask.h"
#include "src/rootovl/settings/settings.h"
#include "src/rootovl/settings/way.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SYSTEMD	  "/usr/lib/systemd/systemd"
#define PATH	  "/usr/sbin:/usr/bin:/sbin:/bin"
#define KILLED_MS 5000

/* The words of the kernel line, and whether they were read without a fault. */
struct line {
	struct cmdline cmdline;
	struct settings settings;
	bool read;
	bool refused; /* it needs systemd, which this image lacks */
};

static void read_line(struct line *line)
{
	auto_failure struct failure f = { 0 };

	line->read = command_line_read(&line->cmdline, &f) == 0 &&
		     settings_read(&line->settings, &line->cmdline, &f) == 0;
	if (!line->settings.report)
		line->settings.report = settings_report(&line->cmdline);
}

static bool needs_systemd(const struct line *line)
{
	return !line->settings.enabled || line->settings.long_because || filesystems_have_units();
}

/* Returns only where the image has no systemd. */
static void become_systemd(char **argv)
{
	if (access(SYSTEMD, X_OK) < 0)
		return;
	filesystems_end();
	argv[0] = (char *)SYSTEMD;
	execv(SYSTEMD, argv);
	filesystems_begin();
}

/*
 * A line for people, before the kernel's panic, which does not say whose fault it is. Children have
 * the handler too, and end as they would without.
 */
static void on_fault(int fault)
{
	static const char text[] =
		"rootovl: /init itself has crashed: report this, with the console\r\n";

	if (getpid() == 1)
		(void)!write(STDERR_FILENO, text, sizeof(text) - 1);
	raise(fault);
	_exit(128 + fault); /* the default does not end the first process */
}

static void catch_faults(void)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT };
	/* The second signal, raised in the handler, has the default's effect at once. */
	const struct sigaction action = { .sa_handler = on_fault,
					  .sa_flags = SA_RESETHAND | SA_NODEFER };

	for (size_t i = 0; i < ARRAY_SIZE(faults); i++)
		sigaction(faults[i], &action, NULL);
}

/* Runs `work` in a process of its own: what happens to it is no panic. Returns its status of
 * wait(2). */
static int run_apart(int (*work)(const struct line *line), const struct line *line)
{
	pid_t child = fork();

	if (child == 0) {
		setsid();
		_exit(work(line));
	}
	if (child < 0)
		log_console(LOG_ERR, "failed: a process of its own: %s", strerror(errno));
	return reap_until(child);
}

static int run_boot(const struct line *line)
{
	(void)line;
	return command_boot.run(NULL);
}

/* What a boot that crashed could not do itself. */
static int end_crashed(const struct line *line)
{
	auto_failure struct failure f = { 0 };
	struct report *report = report_new(clock_ms());

	undo_boot();
	fail(&f, ECHILD, "report this, with the console", "rootovl itself has crashed");
	boot_end_failed(&line->settings, line->settings.onfail, report, &f);
	report_free(report);
	return 1;
}

/* A line for the long way, in an image that has only the short one. */
static int end_refused(const struct line *line)
{
	auto_failure struct failure f = { 0 };
	auto_free char *words = root_mask_words(&line->cmdline);
	struct report *report = report_new(clock_ms());

	report_set(report, NULL, "cmdline", words);
	report_set(report, NULL, "way", "short");
	report_begin(report, "way");
	way_check_without_systemd(&line->settings, &f);
	boot_end_failed(&line->settings, settings_onfail(&line->cmdline), report, &f);
	report_free(report);
	return 1;
}

/* Returns whether the root is ready. */
static bool boot_root(const struct line *line)
{
	int status = run_apart(line->refused ? end_refused : run_boot, line);

	if (WIFEXITED(status))
		return WEXITSTATUS(status) == 0;
	run_apart(end_crashed, line);
	return false;
}

/* Nothing of the initramfs runs on in the root, but what the kernel holds: that is not waited for.
 */
static void end_all(void)
{
	uint64_t until = clock_ms() + KILLED_MS;
	const struct timespec pause = { .tv_nsec = 100000000 };
	sigset_t ended, before;
	pid_t pid;

	sigemptyset(&ended);
	sigaddset(&ended, SIGCHLD);
	sigprocmask(SIG_BLOCK, &ended, &before);
	kill(-1, SIGKILL);
	while ((pid = waitpid(-1, NULL, WNOHANG)) >= 0 && clock_ms() < until)
		if (pid == 0)
			sigtimedwait(&ended, NULL, &pause);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

/* The kernel puts words that it does not know into the environment, and programs inherit it. */
static void forget_secrets(void)
{
	unsetenv("cifspass");
	unsetenv("cifsroot");
	unsetenv("nfsroot");
}

static bool needs_disks(const struct settings *settings)
{
	return settings->root.kind == ROOT_DEVICE || settings->root.kind == ROOT_DHCP ||
	       settings->disks || settings->upper || settings->personality;
}

static void take_short_way(const struct line *line, char **argv)
{
	auto_failure struct failure f = { 0 };

	filesystems_complete();
	log_to_kernel();
	catch_faults();
	forget_secrets();
	setenv("PATH", PATH, 1);
	if (!line->refused && filesystems_have_units())
		log_console(LOG_WARNING, "units that an initrd brings into the initramfs are not "
					 "started: this image has no systemd");
	/* A boot with a wrong word ends at once. It needs the network only to send its report. */
	if ((line->read && !line->refused) || line->settings.report) {
		drivers_start(needs_disks(&line->settings));
		network_start();
	}
	while (!boot_root(line)) {
		drivers_start(true); /* the keyboard's */
		shell_run();
	}
	end_all();
	card_names_forget();
	unsetenv("PATH");
	switch_root(line->settings.init, argv, &f);
	log_console(LOG_ERR, "failed: switch root: %s", f.what);
}

int init_run(char **argv)
{
	auto_failure struct failure ignored = { 0 };
	struct line line = { 0 };

	filesystems_begin();
	read_line(&line);
	if (needs_systemd(&line))
		become_systemd(argv);
	line.refused = line.read && way_check_without_systemd(&line.settings, &ignored) < 0;
	take_short_way(&line, argv);
	for (;;)
		shell_run();
}
