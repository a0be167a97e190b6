// SPDX-License-Identifier: GPL-2.0-or-later
/* testbox(8): runs virtual test machines. */
#include "src/testbox/commands/commands.h"
#include "src/testbox/machine/fence.h"

#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	/* A process of a run: see fence_start.c. */
	if (argc > 2 && !strcmp(argv[1], FENCE_WORD))
		_exit(fence_main(argv + 2));
	return command_main(&testbox_program, argc, argv);
}
