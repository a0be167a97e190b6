// SPDX-License-Identifier: GPL-2.0-or-later
/* `initrd-builder watch`. */
#include "initrd-builder/commands/arguments.h"
#include "initrd-builder/commands/commands.h"
#include "initrd-builder/watch/watch.h"
#include "src/common/interrupt.h"

#include <errno.h>
#include <string.h>

#define SECONDS_MAX (7 * 24 * 3600)
#define JOBS_MAX    1024

static const char watch_help[] =
	"usage: initrd-builder watch [OPTION]… DIR\n"
	"\n"
	"Builds, as `build` does, for every root file system below DIR that has no current image, "
	"now and\n"
	"as they come, until it is ended. A root is what has lib/modules; one that is being "
	"copied is\n"
	"waited for. Each event is a line.\n"
	"\n"
	"      --jobs N         builds at a time (half of the processors)\n"
	"      --settle SEC     build what looks the same for so long (10)\n"
	"      --rescan SEC     look at everything so often, for other clients of a file server "
	"(300)\n"
	"      --retry SEC      try a failed build again after so long, then twice as long, up to "
	"an\n"
	"                       hour; or when the root changes (60)\n" ARGUMENTS_HELP "\n"
	"Exit status: 0 ended by SIGTERM, SIGINT or SIGHUP, 1 cannot begin, 2 wrong usage.\n";

static bool number(const char *text, unsigned min, unsigned max, unsigned *ret)
{
	char *end;
	unsigned long n;

	if (strspn(text, "0123456789") != strlen(text) || strlen(text) > 9)
		return false;
	n = strtoul(text, &end, 10);
	if (end == text || n < min || n > max)
		return false;
	*ret = (unsigned)n;
	return true;
}

/* Gives -1, or the exit status with which the command ends here. */
static int parse(int argc, char **argv, struct watch_options *ret)
{
	static const struct option long_options[] = {
		{ "jobs", required_argument, NULL, 'j' },
		{ "settle", required_argument, NULL, 's' },
		{ "rescan", required_argument, NULL, 'r' },
		{ "retry", required_argument, NULL, 't' },
		ARGUMENTS_OPTIONS,
		{ NULL, 0, NULL, 0 },
	};
	int c, code = -1;

	arguments_begin(&ret->build);
	while (code < 0 && (c = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
		if (c == 'j' && !number(optarg, 1, JOBS_MAX, &ret->jobs))
			return usage("--jobs: a number from 1 to 1024");
		if (c == 's' && !number(optarg, 1, SECONDS_MAX, &ret->settle))
			return usage("--settle: seconds, from 1 to 604800");
		if (c == 'r' && !number(optarg, 1, SECONDS_MAX, &ret->rescan))
			return usage("--rescan: seconds, from 1 to 604800");
		if (c == 't' && !number(optarg, 1, WATCH_RETRY_MAX, &ret->retry))
			return usage("--retry: seconds, from 1 to 3600");
		if (!strchr("jsrt", c))
			code = arguments_take(&ret->build, c, optarg, watch_help);
	}
	return code;
}

int command_watch(int argc, char **argv)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	struct watch_options options = {
		.jobs = processors > 3 ? (unsigned)processors / 2 : 1,
		.settle = 10,
		.rescan = 300,
		.retry = 60,
	};
	auto_failure struct failure f = { 0 };
	int r = parse(argc, argv, &options);

	if (r >= 0)
		return r;
	if (optind + 1 != argc || !*argv[optind])
		return usage("which DIR?");
	r = arguments_check(&options.build);
	if (r != EXIT_OK)
		return r;
	options.dir = argv[optind];
	for (size_t n = strlen(argv[optind]); n > 1 && argv[optind][n - 1] == '/'; n--)
		argv[optind][n - 1] = '\0';
	r = watch_run(&options, &f);
	if (r < 0)
		return interrupted ? EXIT_FAILED : tell(&f, -EIO);
	interrupted = 0; /* that is how it is ended */
	return EXIT_OK;
}
