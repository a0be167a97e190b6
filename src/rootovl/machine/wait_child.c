// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/machine/wait_child.h"

#include "src/common/clock.h"

#include <errno.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LOOK_MS 100

bool wait_child(pid_t child, unsigned ms, int *ret)
{
	uint64_t until = clock_ms() + ms;
	int status = 0;

	for (;;) {
		struct timespec pause = { .tv_nsec = LOOK_MS * 1000000L };

		pid_t ended = waitpid(child, &status, WNOHANG);

		if (ended == child && ret)
			*ret = status;
		if (ended == child || (ended < 0 && errno == ECHILD))
			return true;
		if (clock_ms() >= until)
			return false;
		nanosleep(&pause, NULL);
	}
}

void sync_within(unsigned ms)
{
	pid_t child = fork();

	if (child == 0) {
		sync();
		_exit(0);
	}
	if (child > 0)
		wait_child(child, ms, NULL);
}
