// SPDX-License-Identifier: GPL-2.0-or-later
/* rootovl: the helper that assembles the root of a network-booted machine. See rootovl(8). */
#include "src/rootovl/commands/commands.h"
#include "src/rootovl/init/init.h"

#include <unistd.h>

int main(int argc, char **argv)
{
	return getpid() == 1 ? init_run(argv) : command_main(&rootovl_program, argc, argv);
}
