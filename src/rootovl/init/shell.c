// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/init/shell.h"

#include "src/common/log.h"
#include "src/common/macro.h"
#include "src/rootovl/init/reap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <unistd.h>

#define EMERGENCY "/usr/lib/rootovl/emergency"
#define AGAIN_S	  5 /* before the next one, where none can be started */

static void on_signal(int signal)
{
	sync();
	reboot(signal == SIGTERM ? RB_AUTOBOOT : RB_POWER_OFF);
}

/* The console is its controlling terminal: that is what job control needs. */
static void become_shell(void)
{
	int console;

	setsid();
	console = open("/dev/console", O_RDWR | O_NOCTTY);
	if (console >= 0) {
		ioctl(console, TIOCSCTTY, 1);
		for (int fd = 0; fd <= STDERR_FILENO; fd++)
			dup2(console, fd);
		if (console > STDERR_FILENO)
			close(console);
	}
	setenv("HOME", "/root", 1);
	execl(EMERGENCY, EMERGENCY, (char *)NULL);
	execl("/bin/sh", "sh", "-i", (char *)NULL);
	_exit(127);
}

void shell_run(void)
{
	static const int signals[] = { SIGTERM, SIGUSR2 };
	pid_t child = fork();
	int status;

	if (child == 0)
		become_shell();
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		signal(signals[i], on_signal);
	status = reap_until(child);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		signal(signals[i], SIG_DFL);
	if (WIFEXITED(status) && WEXITSTATUS(status) != 127)
		return;
	log_console(LOG_ERR, "the shell: %s",
		    status != -1 ? "there is none in this image, or it crashed" : strerror(errno));
	sleep(AGAIN_S);
}
