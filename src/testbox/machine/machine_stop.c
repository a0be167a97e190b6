// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/machine_stop.h"

#include <errno.h>
#include <sys/pidfd.h>
#include <unistd.h>

volatile sig_atomic_t machine_stop_asked;

/* Only a signal that was queued has a value; kill(1) sends one without. */
static void on_signal(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	machine_stop_asked = info->si_code == SI_QUEUE ? info->si_value.sival_int : MACHINE_STOP;
}

void machine_stop_watch(void)
{
	struct sigaction action = { .sa_sigaction = on_signal,
				    .sa_flags = SA_SIGINFO | SA_RESTART };

	sigemptyset(&action.sa_mask);
	sigaction(SIGUSR1, &action, NULL);
}

int machine_stop_ask(int pidfd, int what)
{
	siginfo_t info = { .si_signo = SIGUSR1, .si_code = SI_QUEUE };

	info.si_pid = getpid();
	info.si_uid = getuid();
	info.si_value.sival_int = what;
	return pidfd_send_signal(pidfd, SIGUSR1, &info, 0) < 0 ? -errno : 0;
}
