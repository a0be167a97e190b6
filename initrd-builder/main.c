// SPDX-License-Identifier: GPL-2.0-or-later
/* initrd-builder(8): makes the images that test machines boot from. */
#include "initrd-builder/base/progress.h"
#include "initrd-builder/commands/commands.h"
#include "initrd-builder/write/image.h"
#include "src/common/interrupt.h"
#include "src/common/log.h"
#include "src/common/mem.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *called = "initrd-builder"; /* with the command, once it is known */

int usage(const char *text)
{
	log_line(LOG_ERR, "%s: %s; see %s --help", called, text ? text : "wrong usage", called);
	return EXIT_USAGE;
}

int tell(const struct failure *f, int r)
{
	auto_free char *text = log_failure_text(f);

	progress_clear();
	log_line(LOG_ERR, "initrd-builder: %s", text);
	return r == -ENXIO ? EXIT_NO_KERNEL : EXIT_FAILED;
}

static const char image_help[] =
	"usage: initrd-builder image ROOTFS -o FILE.erofs|FILE.squashfs\n"
	"\n"
	"Makes one file of a root file system. A testbox mounts it where root= names it: a server\n"
	"without Unix extensions can then hold a root, and is asked for less.\n"
	"\n"
	"  -o, --output FILE  the image; its ending says which kind (mkfs.erofs, mksquashfs)\n"
	"      --help         this text\n"
	"\n"
	"Exit status: 0 made, 1 failed, 2 wrong usage.\n";

static int command_image(int argc, char **argv)
{
	static const struct option long_options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	auto_failure struct failure f = { 0 };
	const char *output = NULL;
	int c, r;

	while ((c = getopt_long(argc, argv, "o:h", long_options, NULL)) != -1) {
		if (c == 'o')
			output = optarg;
		else if (c == 'h')
			return fputs(image_help, stdout) < 0 ? EXIT_FAILED : EXIT_OK;
		else
			return usage(NULL);
	}
	if (!output || !*output)
		return usage("-o: which FILE?");
	if (optind + 1 != argc)
		return usage("which ROOTFS?");
	r = image_make(argv[optind], output, &f);
	if (r < 0)
		tell(&f, r);
	return r == 0 ? EXIT_OK : r == -EINVAL ? EXIT_USAGE : EXIT_FAILED;
}

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *what;
} commands[] = {
	{ "build", command_build, "make the images that root file systems boot by" },
	{ "watch", command_watch, "make them for all roots below a directory, as they come" },
	{ "image", command_image, "make one file of a root file system" },
	{ "inspect", command_inspect, "show what initrds are made of" },
	{ "verify", command_verify, "find what breaks boots in initrds" },
	{ "pack", command_pack, "make an initrd of directories and files" },
	{ "job", command_job, "make the initrd that brings a job" },
	{ "rootfs", command_rootfs, "make an initrd of a whole root file system" },
	{ "cat", command_cat, "put initrds one behind the other" },
};

static int help(void)
{
	printf("usage: initrd-builder COMMAND …\n\n");
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		printf("  %-10s%s\n", commands[i].name, commands[i].what);
	printf("\n`initrd-builder COMMAND --help` says more; so does initrd-builder(8).\n");
	return EXIT_OK;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;
	auto_free char *whole = NULL;
	int code;

	if (!name)
		return usage("which command?");
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		return help();
	if (strcmp(name, "--version") == 0)
		return printf("initrd-builder %s\n", ROOTOVL_VERSION) < 0;
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strcmp(name, commands[i].name) != 0)
			continue;
		called = argv[1] = whole = xasprintf("initrd-builder %s", name);
		interrupt_watch();
		umask(022); /* what is in archives has the modes of what was staged for them */
		code = commands[i].run(argc - 1, argv + 1);
		return interrupted ? 128 + interrupted : code;
	}
	whole = xasprintf("there is no command \"%s\"", name);
	return usage(whole);
}
