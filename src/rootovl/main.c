// SPDX-License-Identifier: GPL-2.0-or-later
/* rootovl: the helper that assembles the root of a network-booted machine. See rootovl(8). */
#include "src/rootovl/commands/commands.h"

int main(int argc, char **argv)
{
	return command_main(&rootovl_program, argc, argv);
}
