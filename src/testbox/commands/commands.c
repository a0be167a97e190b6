// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/commands/commands.h"

#include "src/common/interrupt.h"
#include "src/testbox/commands/control.h"
#include "src/testbox/commands/exit_code.h"
#include "src/testbox/commands/job_command.h"
#include "src/testbox/commands/run.h"

#include <errno.h>

static const struct command *const commands[] = {
	&command_run,  &command_serve, &command_run_job, &command_stop,
	&command_list, &command_log,   &command_console, NULL,
};

const struct command_program testbox_program = {
	.name = "testbox",
	.about = "Runs virtual test machines, and leaves nothing of them behind.",
	.see = "so does testbox(8)",
	.commands = commands,
	.usage = EXIT_USAGE,
	.failed = EXIT_FAILED,
	.statuses = (const struct command_status[]){ { EBUSY, EXIT_BUSY }, { 0, 0 } },
	.begin = interrupt_watch,
};
