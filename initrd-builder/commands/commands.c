// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/commands/commands.h"

#include "initrd-builder/base/exit_code.h"
#include "initrd-builder/base/progress.h"
#include "initrd-builder/commands/commands_build.h"
#include "initrd-builder/commands/commands_make.h"
#include "initrd-builder/commands/commands_read.h"
#include "initrd-builder/commands/commands_watch.h"
#include "src/common/interrupt.h"

#include <errno.h>
#include <sys/stat.h>

static void begin(void)
{
	interrupt_watch();
	umask(022); /* what is in archives has the modes of what was staged for them */
}

static const struct command *const commands[] = {
	&command_build, &command_watch, &command_image,	 &command_inspect, &command_verify,
	&command_pack,	&command_job,	&command_rootfs, &command_cat,	   NULL,
};

const struct command_program builder_program = {
	.name = "initrd-builder",
	.about = "Makes and checks what test machines boot from.",
	.see = "so does initrd-builder(8)",
	.commands = commands,
	.usage = EXIT_USAGE,
	.failed = EXIT_FAILED,
	.statuses = (const struct command_status[]){ { ENXIO, EXIT_NO_KERNEL }, { 0, 0 } },
	.begin = begin,
	.clear = progress_clear,
};
