/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `testbox stop` asks of a launcher beside SIGTERM: SIGUSR1 with a value, sigqueue(3). */
#pragma once

#include <signal.h>

#define MACHINE_STOP	      1 /* end the machine that runs */
#define MACHINE_STOP_SHUTDOWN 2 /* press its power button, and end it only after a while */
#define MACHINE_STOP_LEAVE    4 /* ask for no further job */

/* What was asked last; 0: nothing. The machine's run takes back the first two at its begin. */
extern volatile sig_atomic_t machine_stop_asked;

/* Sets the signal's handler. */
void machine_stop_watch(void);
/* Asks the launcher of this pidfd. Returns 0 or -errno. */
int machine_stop_ask(int pidfd, int what);
