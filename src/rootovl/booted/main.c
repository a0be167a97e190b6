// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The part of rootovl that a booted root gets: static, for roots of any kind. It is installed as
 * /usr/lib/rootovl/rootovl-report, after its first command: payload tables and images have that
 * name.
 */
#include "src/rootovl/booted/copy_fill.h"
#include "src/rootovl/booted/guard.h"
#include "src/rootovl/booted/nbd_keep.h"
#include "src/rootovl/booted/report_print.h"

int main(int argc, char **argv)
{
	static const struct command *const commands[] = {
		&command_report_print, &command_nbd_keep, &command_cache_fill, &command_guard, NULL,
	};
	static const struct command_program program = {
		.name = "rootovl",
		.about = "The part of rootovl for a booted root; rootovl(8) has the others.",
		.see = "so does rootovl(8)",
		.commands = commands,
		.usage = 2,
		.failed = 1,
	};

	return command_main(&program, argc, argv);
}
