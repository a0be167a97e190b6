// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/machine/unmount.h"

#include "src/rootovl/machine/wait_child.h"

#include <sys/mount.h>
#include <unistd.h>

#define LET_GO_MS 5000

void unmount_quickly(const char *path)
{
	pid_t child = fork();

	if (child == 0)
		_exit(umount2(path, MNT_FORCE | MNT_DETACH) < 0);
	if (child > 0)
		wait_child(child, LET_GO_MS, NULL);
}
