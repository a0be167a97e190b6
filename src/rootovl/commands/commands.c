// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/commands/commands.h"

#include "src/rootovl/boot/boot_main.h"
#include "src/rootovl/boot/generator.h"
#include "src/rootovl/boot/network_units.h"
#include "src/rootovl/boot/undo.h"
#include "src/rootovl/commands/plan_command.h"
#include "src/rootovl/report/report_command.h"

static const struct command *const commands[] = {
	&command_boot,	    &command_plan, &command_report, &command_undo, &command_network,
	&command_generator, NULL,
};

const struct command_program rootovl_program = {
	.name = "rootovl",
	.about = "Puts a writable overlay over a read-only network root, brings the job's files "
		 "in.",
	.see = "so do rootovl(8) and rootovl.cmdline(7)",
	.commands = commands,
	.usage = 2,
	.failed = 1,
};
