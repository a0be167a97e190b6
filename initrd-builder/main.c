// SPDX-License-Identifier: GPL-2.0-or-later
/* initrd-builder(8): makes the images that test machines boot from. */
#include "build.h"
#include "commands.h"
#include "common/log.h"
#include "common/mem.h"
#include "image.h"
#include "interrupt.h"
#include "progress.h"
#include "userspace.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char build_help[] =
	"Usage: initrd-builder build [OPTION]… ROOTFS…\n"
	"\n"
	"Makes initramfs.lkp-KVER.img and modules-KVER.cgz for each kernel in ROOTFS/lib/modules\n"
	"and puts them into ROOTFS/boot. What is current is left alone. What is there already "
	"stays\n"
	"until the new file is whole.\n"
	"\n"
	"  -o, --output DIR     put them into DIR; with one ROOTFS only\n"
	"      --kver KVER      only for this kernel\n"
	"      --with live      with the program that fetches images over HTTP: root=live:…\n"
	"      --force          build what is current as well\n"
	"      --engine ENGINE  docker, podman or buildah: in the container of `make container`; "
	"none: by\n"
	"                       this machine's dracut (default: the first one that has it, else "
	"none)\n"
	"      --image IMAGE    the container's name (localhost/rootovl-builder:ARCH)\n"
	"      --cache DIR      where userspaces are kept (" USERSPACE_CACHE ", or ROOTOVL_CACHE)\n"
	"      --help           this text\n"
	"\n"
	"When the build fails its log stays beside the image, as initramfs.lkp-KVER.log.\n"
	"\n"
	"Exit status: 0 all built, 1 something failed, 2 wrong usage, 3 a ROOTFS has no kernel.\n";

int usage(const char *text)
{
	log_line(LOG_ERR, "initrd-builder: %s; see initrd-builder --help", text);
	return EXIT_USAGE;
}

int tell(const struct failure *f, int r)
{
	auto_free char *text = log_failure_text(f);

	progress_clear();
	log_line(LOG_ERR, "initrd-builder: %s", text);
	return r == -ENXIO ? EXIT_NO_KERNEL : EXIT_FAILED;
}

/* A failure to build weighs more than a root without a kernel. */
static int worse(int code, int other)
{
	return code == EXIT_FAILED ? code : other;
}

static int build_roots(char **roots, const struct build_options *options,
		       const struct places *places, const struct container *container)
{
	int code = EXIT_OK;
	struct progress all;

	progress_begin(&all, "total");
	for (char **root = roots; *root && !interrupted; root++) {
		auto_failure struct failure f = { 0 };
		int r = build_root(*root, options, places, container, &f);

		if (r < 0)
			code = worse(code, tell(&f, r));
	}
	if (code == EXIT_OK && !interrupted)
		progress_end(&all, "%zu root%s", strv_len(roots), roots[1] ? "s" : "");
	return code;
}

/* What `build` was told. */
struct build_arguments {
	struct build_options options;
	const char *engine, *image;
};

/* Gives 0, or the exit status + 1 that `build` ends with at once. */
static int parse_build(int argc, char **argv, struct build_arguments *ret)
{
	static const struct option long_options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "kver", required_argument, NULL, 'k' },
		{ "with", required_argument, NULL, 'w' },
		{ "force", no_argument, NULL, 'f' },
		{ "engine", required_argument, NULL, 'e' },
		{ "image", required_argument, NULL, 'i' },
		{ "cache", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const char *cache = getenv("ROOTOVL_CACHE");
	int c;

	ret->options.cache = cache && *cache ? cache : USERSPACE_CACHE;
	while ((c = getopt_long(argc, argv, "o:h", long_options, NULL)) != -1) {
		if (c == 'o')
			ret->options.output = optarg;
		else if (c == 'k')
			ret->options.kver = optarg;
		else if (c == 'w' && strcmp(optarg, "live") == 0)
			ret->options.live = true;
		else if (c == 'w')
			return usage("build: --with: only \"live\" is known") + 1;
		else if (c == 'f')
			ret->options.force = true;
		else if (c == 'e')
			ret->engine = optarg;
		else if (c == 'i')
			ret->image = optarg;
		else if (c == 'c')
			ret->options.cache = optarg;
		else if (c == 'h')
			return (fputs(build_help, stdout) < 0 ? EXIT_FAILED : EXIT_OK) + 1;
		else
			return EXIT_USAGE + 1;
	}
	return 0;
}

static int check_build(const struct build_arguments *arguments, int roots)
{
	if (roots == 0)
		return usage("build: which ROOTFS?");
	if (arguments->options.output && !*arguments->options.output)
		return usage("build: -o: which DIR?");
	if (arguments->options.output && roots > 1)
		return usage("build: -o goes with one ROOTFS");
	if (!*arguments->options.cache)
		return usage("build: --cache: which DIR?");
	if (arguments->engine && !engine_find(arguments->engine))
		return usage("build: --engine: there is none of this name");
	return EXIT_OK;
}

static int command_build(int argc, char **argv)
{
	__attribute__((cleanup(places_done))) struct places places = { 0 };
	__attribute__((cleanup(container_done))) struct container container = { 0 };
	auto_failure struct failure f = { 0 };
	struct build_arguments arguments = { 0 };
	int r = parse_build(argc, argv, &arguments);

	if (r > 0)
		return r - 1;
	r = check_build(&arguments, argc - optind);
	if (r != EXIT_OK)
		return r;
	r = places_find(&places, &f);
	if (r == 0)
		r = container_find(arguments.engine, arguments.image, &container, &f);
	return r < 0 ? tell(&f, r)
		     : build_roots(argv + optind, &arguments.options, &places, &container);
}

static const char image_help[] =
	"Usage: initrd-builder image ROOTFS -o FILE.erofs|FILE.squashfs\n"
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
			return EXIT_USAGE;
	}
	if (!output || !*output)
		return usage("image: -o: which FILE?");
	if (optind + 1 != argc)
		return usage("image: which ROOTFS?");
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
	printf("Usage: initrd-builder COMMAND …\n\n");
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		printf("  %-10s%s\n", commands[i].name, commands[i].what);
	printf("\ninitrd-builder COMMAND --help tells more; --version tells the version.\n");
	return EXIT_OK;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;
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
		interrupt_watch();
		umask(022); /* what is in archives has the modes of what was staged for them */
		code = commands[i].run(argc - 1, argv + 1);
		return interrupted ? 128 + interrupted : code;
	}
	return usage("no such command");
}
