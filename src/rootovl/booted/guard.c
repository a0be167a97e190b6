// SPDX-License-Identifier: GPL-2.0-or-later
/* One guard; it runs in the booted system, from before sysinit.target to the machine's end. */
#include "src/rootovl/booted/guard.h"

#include "src/common/log.h"
#include "src/common/macro.h"
#include "src/rootovl/lower/server.h"
#include "src/rootovl/machine/wait_child.h"
#include "src/rootovl/settings/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <time.h>
#include <unistd.h>

#define SILENT_S 20   /* after this silence of the server, the guard ends the machine */
#define PAUSE_MS 2000 /* between two questions to the server */
#define SYNC_MS	 3000 /* for data that is not yet on a local disk */

static const struct kind {
	const char *name;
	int how; /* the argument of reboot(2) */
} kinds[] = {
	{ "reboot", RB_AUTOBOOT },
	{ "poweroff", RB_POWER_OFF },
	{ "halt", RB_HALT_SYSTEM },
	{ "kexec", RB_KEXEC },
};

/* Asks the server until it has been silent for SILENT_S. */
static void ask_while_it_answers(void)
{
	struct server_question question = { 0 };

	while (server_silent_s(&question, PAUSE_MS) < SILENT_S) {
		struct timespec pause = { .tv_sec = PAUSE_MS / 1000 };

		nanosleep(&pause, NULL);
	}
}

static void end_machine(const struct kind *kind, int kmsg)
{
	char line[128];

	/* /dev/kmsg needs one write(2) for each line. */
	snprintf(line, sizeof(line),
		 "<2>rootovl: the server of the root is silent: %s without systemd\n", kind->name);
	if (kmsg >= 0)
		(void)!write(kmsg, line, strlen(line));
	sync_within(SYNC_MS);
	reboot(kind->how);
	/* No kernel was loaded for kexec. */
	reboot(RB_AUTOBOOT);
}

static int stand_guard(const struct kind *kind)
{
	auto_close int kmsg = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	sigset_t all, told;
	int signal;

	if (chdir(RUN_DIR) < 0 || mlockall(MCL_CURRENT | MCL_FUTURE) < 0) {
		log_line(LOG_ERR, "rootovl: guard: %s", strerror(errno));
		return 1;
	}
	/* A shutdown signals all processes, but the guard has to stay. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	sigemptyset(&told);
	sigaddset(&told, SIGUSR1);
	while (sigwait(&told, &signal) != 0)
		;
	ask_while_it_answers();
	end_machine(kind, kmsg);
	return 1;
}

static int run(const struct command_line *line)
{
	size_t i = 0;

	while (strcmp(line->operands[0], kinds[i].name) != 0)
		i++;
	return stand_guard(&kinds[i]);
}

const struct command command_guard = {
	.name = "guard",
	.meaning = "for rootovl-guard@.service: end the machine although its server is dead",
	.synopsis = "reboot|poweroff|halt|kexec",
	.about = "For rootovl-guard@.service alone: ends the machine where its shutdown has begun "
		 "and the root's server is silent.",
	.operands =
		(const struct command_operand[]){ { "KIND", .words = "reboot poweroff halt kexec" },
						  { 0 } },
	.exits = "Exit status: 1 failed, 2 wrong usage.",
	.run = run,
};
