// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/init/reap.h"

#include <errno.h>
#include <sys/wait.h>

int reap_until(pid_t child)
{
	int status = -1;
	pid_t ended;

	if (child < 0)
		return -1;
	do
		ended = wait(&status);
	while (ended != child && (ended > 0 || errno == EINTR));
	return ended == child ? status : -1;
}
