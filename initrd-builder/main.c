// SPDX-License-Identifier: GPL-2.0-or-later
/* initrd-builder(8): makes the images that test machines boot from. */
#include "initrd-builder/commands/commands.h"

int main(int argc, char **argv)
{
	return command_main(&builder_program, argc, argv);
}
