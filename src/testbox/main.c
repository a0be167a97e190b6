// SPDX-License-Identifier: GPL-2.0-or-later
/* testbox(8): runs virtual test machines. */
#include "src/testbox/commands/commands.h"

int main(int argc, char **argv)
{
	return command_main(&testbox_program, argc, argv);
}
