// SPDX-License-Identifier: GPL-2.0-or-later
/* The commands that make initrds of what is there. */
#include "initrd-builder/base/path.h"
#include "initrd-builder/commands/commands.h"
#include "initrd-builder/write/job.h"
#include "initrd-builder/write/pack.h"
#include "src/common/mem.h"

#include <getopt.h>
#include <stdbool.h>
#include <string.h>

/* What these commands take, each some of it. */
struct make_arguments {
	const char *output, *prefix, *lkp_src;
	char **words; /* what is no option */
	int n;
};

#define OUTPUT_HELP                                                                                \
	"  -o, --output FILE  the initrd; an old one stays until the new one is whole\n"           \
	"      --help         this text\n"                                                         \
	"\n"                                                                                       \
	"Exit status: 0 made, 1 failed, 2 wrong usage.\n"

static const char pack_help[] =
	"usage: initrd-builder pack DIR|FILE… -o X.cgz [--prefix PATH]\n"
	"\n"
	"Makes an initrd of all that is in each DIR, and of each FILE by its own name. Everything\n"
	"belongs to root in it.\n"
	"\n"
	"      --prefix PATH  put it below PATH\n" OUTPUT_HELP;

static const char job_help[] =
	"usage: initrd-builder job JOB.yaml [JOB.sh] [--lkp-src DIR] -o job.cgz\n"
	"\n"
	"Makes the initrd that brings a job: /lkp/scheduled/job.yaml and job.sh. Without a JOB.sh "
	"one\n"
	"is made whose export_top_env exports what stands at the top of the YAML.\n"
	"\n"
	"      --lkp-src DIR  the sources of LKP, for /lkp/lkp/src\n" OUTPUT_HELP;

static const char rootfs_help[] =
	"usage: initrd-builder rootfs ROOTFS -o X.cgz\n"
	"\n"
	"Makes an initrd of a whole root file system, which the kernel starts in memory with\n"
	"rdinit=/sbin/init. Run it as root: owners stay.\n"
	"\n" OUTPUT_HELP;

static const char cat_help[] = "usage: initrd-builder cat FILE… -o FILE\n"
			       "\n"
			       "Puts initrds one behind the other, with the zero bytes between "
			       "them that the kernel wants.\n"
			       "\n" OUTPUT_HELP;

/* Gives -1, or the exit status with which the command ends here. */
static int parse(int argc, char **argv, const struct option *options, const char *help,
		 struct make_arguments *ret)
{
	int c;

	while ((c = getopt_long(argc, argv, "o:h", options, NULL)) != -1) {
		if (c == 'o')
			ret->output = optarg;
		else if (c == 'p')
			ret->prefix = optarg;
		else if (c == 'l')
			ret->lkp_src = optarg;
		else if (c == 'h')
			return fputs(help, stdout) < 0 ? EXIT_FAILED : EXIT_OK;
		else
			return usage(NULL);
	}
	ret->words = argv + optind;
	ret->n = argc - optind;
	if (!ret->output || !*ret->output || ret->output[strlen(ret->output) - 1] == '/')
		return usage("-o: which FILE?");
	return -1;
}

#define OUTPUT_OPTIONS                                                                             \
	{ "output", required_argument, NULL, 'o' }, { "help", no_argument, NULL, 'h' },            \
	{                                                                                          \
		NULL, 0, NULL, 0                                                                   \
	}

static int end(const struct failure *f, int r)
{
	return r < 0 ? tell(f, r) : EXIT_OK;
}

int command_pack(int argc, char **argv)
{
	static const struct option options[] = { { "prefix", required_argument, NULL, 'p' },
						 OUTPUT_OPTIONS };
	auto_failure struct failure f = { 0 };
	struct make_arguments arguments = { 0 };
	int code = parse(argc, argv, options, pack_help, &arguments);

	if (code >= 0)
		return code;
	if (arguments.n == 0)
		return usage("which DIR or FILE?");
	if (arguments.prefix && path_has_dotdot(arguments.prefix))
		return usage("--prefix: no \"..\" in it");
	return end(&f, pack_paths(arguments.words, arguments.prefix, arguments.output, &f));
}

int command_job(int argc, char **argv)
{
	static const struct option options[] = { { "lkp-src", required_argument, NULL, 'l' },
						 OUTPUT_OPTIONS };
	auto_failure struct failure f = { 0 };
	struct make_arguments arguments = { 0 };
	int code = parse(argc, argv, options, job_help, &arguments);

	if (code >= 0)
		return code;
	if (arguments.n < 1 || arguments.n > 2)
		return usage("which JOB.yaml, and at most one JOB.sh?");
	return end(&f, job_pack(arguments.words[0], arguments.words[1], arguments.lkp_src,
				arguments.output, &f));
}

int command_rootfs(int argc, char **argv)
{
	static const struct option options[] = { OUTPUT_OPTIONS };
	auto_failure struct failure f = { 0 };
	struct make_arguments arguments = { 0 };
	int code = parse(argc, argv, options, rootfs_help, &arguments);

	if (code >= 0)
		return code;
	if (arguments.n != 1)
		return usage("which ROOTFS?");
	return end(&f, pack_rootfs(arguments.words[0], arguments.output, &f));
}

int command_cat(int argc, char **argv)
{
	static const struct option options[] = { OUTPUT_OPTIONS };
	auto_failure struct failure f = { 0 };
	struct make_arguments arguments = { 0 };
	int code = parse(argc, argv, options, cat_help, &arguments);

	if (code >= 0)
		return code;
	if (arguments.n == 0)
		return usage("which FILE?");
	return end(&f, pack_concatenate(arguments.words, arguments.output, &f));
}
