// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/commands/commands_watch.h"

#include "initrd-builder/base/exit_code.h"
#include "initrd-builder/commands/arguments.h"
#include "initrd-builder/watch/watch.h"
#include "src/common/interrupt.h"

#include <string.h>

#define SECONDS_MAX (7 * 24 * 3600)
#define JOBS_MAX    1024

static int run_watch(const struct command_line *line)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	struct watch_options options = {
		.dir = line->operands[0],
		.build = arguments_read(line),
		.jobs = command_number(line, "jobs", processors > 3 ? (unsigned)processors / 2 : 1),
		.settle = command_number(line, "settle", 10),
		.rescan = command_number(line, "rescan", 300),
		.retry = command_number(line, "retry", 60),
		.build_timeout = command_number(line, "build-timeout", 15 * 60),
	};
	auto_failure struct failure f = { 0 };

	for (size_t n = strlen(options.dir); n > 1 && options.dir[n - 1] == '/'; n--)
		line->operands[0][n - 1] = '\0';
	if (watch_run(&options, &f) < 0) {
		if (!interrupted)
			command_failed(&f);
		return EXIT_FAILED;
	}
	interrupted = 0; /* that is how it is ended */
	return EXIT_OK;
}

static const struct command_option options[] = {
	{ "jobs", .argument = "N", .min = 1, .max = JOBS_MAX,
	  .help = "builds at a time (half of the processors)" },
	{ "settle", .argument = "SEC", .min = 1, .max = SECONDS_MAX,
	  .help = "build what looks the same for so long (10)" },
	{ "rescan", .argument = "SEC", .min = 1, .max = SECONDS_MAX,
	  .help = "look at everything so often, for other clients of a file server (300)" },
	{ "retry", .argument = "SEC", .min = 1, .max = WATCH_RETRY_MAX,
	  .help = "try a failed build again after so long, then twice as long, up to an hour; or "
		  "when the root changes (60)" },
	{ "build-timeout", .argument = "SEC", .min = 1, .max = SECONDS_MAX,
	  .help = "end a build that takes longer (900)" },
	{ 0 },
};

const struct command command_watch = {
	.name = "watch",
	.meaning = "make them for all roots below a directory, as they come",
	.synopsis = "[OPTION]… DIR",
	.about = "Builds, as `build` does, for every root file system below DIR that has no "
		 "current image, now and as they come, until it is ended. A root is what has "
		 "lib/modules; one that is being copied is waited for. Each event is a line.",
	.options = options,
	.shared = arguments_options,
	.operands = (const struct command_operand[]){ { "DIR", .kind = COMMAND_DIR }, { 0 } },
	.exits = "Exit status: 0 ended by SIGTERM, SIGINT or SIGHUP, 1 cannot begin, 2 wrong "
		 "usage.",
	.run = run_watch,
};
