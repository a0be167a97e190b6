// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/machine/networkd.h"

#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/rootovl/machine/manager.h"
#include "src/rootovl/machine/wait_child.h"
#include "src/rootovl/settings/paths.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define ANSWER_MS 5000

/* Returns whether networkd has ended on the short way, where it is a child of the first process. */
static bool has_ended(void)
{
	auto_free char *number = NULL;

	return file_read(AT_FDCWD, RUN_NETWORKD, 32, &number) == 0 &&
	       kill((pid_t)strtol(number, NULL, 10), 0) < 0;
}

bool networkd_failed(void)
{
	int status = -1;
	pid_t child;

	if (!manager_runs())
		return has_ended();
	child = fork();
	if (child == 0) {
		execlp("systemctl", "systemctl", "--quiet", "is-failed", "systemd-networkd.service",
		       (char *)NULL);
		_exit(127);
	}
	if (child > 0 && !wait_child(child, ANSWER_MS, &status))
		kill(child, SIGKILL);
	return child > 0 && status >= 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
