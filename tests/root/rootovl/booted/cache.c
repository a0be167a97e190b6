// SPDX-License-Identifier: GPL-2.0-or-later
/* `rootovl cache-fill`, which only the static program of booted roots has, with sanitizers. */
#include "src/rootovl/booted/copy_fill.h"

int main(int argc, char **argv)
{
	static const struct command *const commands[] = { &command_cache_fill, NULL };
	static const struct command_program program = {
		.name = "rootovl", .commands = commands, .usage = 2, .failed = 1
	};

	return command_single(&program, argc, argv);
}
