// SPDX-License-Identifier: GPL-2.0-or-later
/* `initrd-builder build`. */
#include "initrd-builder/base/progress.h"
#include "initrd-builder/build/slurm.h"
#include "initrd-builder/commands/arguments.h"
#include "initrd-builder/commands/commands.h"
#include "src/common/interrupt.h"
#include "src/common/mem.h"

#include <errno.h>
#include <stdlib.h>

static const char build_help[] =
	"usage: initrd-builder build [OPTION]… ROOTFS…\n"
	"\n"
	"Makes initramfs.lkp-KVER.img and modules-KVER.cgz for each kernel in ROOTFS/lib/modules\n"
	"and puts them into ROOTFS/boot. What is current is left alone. What is there already "
	"stays\n"
	"until the new file is whole.\n"
	"\n"
	"  -o, --output DIR     put them into DIR; with one ROOTFS only\n"
	"      --kver KVER      only for this kernel\n"
	"      --force          build what is current as well\n"
	"      --slurm          as an array job of Slurm, a task a ROOTFS, and wait for its "
	"end\n" ARGUMENTS_HELP "\n"
	"When the build fails its log stays beside the image, as initramfs.lkp-KVER.log.\n"
	"\n"
	"Exit status: 0 all built, 1 something failed, 2 wrong usage, 3 a ROOTFS has no kernel.\n";

/* A failure to build weighs more than a root without a kernel. */
static int worse(int code, int other)
{
	return code == EXIT_FAILED ? code : other;
}

static int build_roots(char **roots, const struct build_options *options, const struct parts *parts,
		       struct containers *containers)
{
	int code = EXIT_OK;
	struct progress all;

	progress_begin(&all, "total");
	for (char **root = roots; *root && !interrupted; root++) {
		auto_failure struct failure f = { 0 };
		int r = build_root(*root, options, parts, containers, &f);

		if (r < 0)
			code = worse(code, tell(&f, r));
	}
	if (code == EXIT_OK && !interrupted)
		progress_end(&all, "%zu root%s", strv_len(roots), roots[1] ? "s" : "");
	return code;
}

static void on_failed_task(void *arg, int status, const struct failure *f)
{
	int *code = arg;

	*code = worse(*code, tell(f, status == EXIT_NO_KERNEL ? -ENXIO : -EIO));
}

/* Paths, for tasks that begin elsewhere. */
static int absolute(const char *path, char ***list, struct failure *f)
{
	char *place = realpath(path, NULL);

	if (!place)
		return fail_errno(f, errno, NULL, "%s", path);
	strv_add(list, place);
	return 0;
}

/* The options that a task gets: those that were told here, but for --slurm. */
static char **task_words(const struct build_options *options)
{
	const char *const values[][2] = {
		{ "--output", options->output }, { "--kver", options->kver },
		{ "--engine", options->engine }, { "--image", options->image },
		{ "--cache", options->cache },	 { "--arch", options->arch },
	};
	auto_strv char **with = features_words(options->with);
	char **words = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		if (values[i][1])
			strv_add(&words, xasprintf("%s=%s", values[i][0], values[i][1]));
	}
	for (char **word = with; word && *word; word++)
		strv_add(&words, xasprintf("--with=%s", *word));
	if (options->force)
		strv_add(&words, xstrdup("--force"));
	return words;
}

static int build_by_slurm(char **roots, const struct build_options *options)
{
	auto_strv char **words = task_words(options);
	auto_strv char **paths = NULL;
	auto_failure struct failure f = { 0 };
	int code = EXIT_OK, r = 0;

	for (char **root = roots; r == 0 && *root; root++)
		r = absolute(*root, &paths, &f);
	if (r == 0)
		r = slurm_build(paths, words, on_failed_task, &code, &f);
	return r < 0 ? tell(&f, -EIO) : code;
}

/* Gives -1, or the exit status with which the command ends here. */
static int parse(int argc, char **argv, struct build_options *ret, bool *ret_slurm)
{
	static const struct option long_options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "kver", required_argument, NULL, 'k' },
		{ "force", no_argument, NULL, 'f' },
		{ "slurm", no_argument, NULL, 's' },
		ARGUMENTS_OPTIONS,
		{ NULL, 0, NULL, 0 },
	};
	int c, code = -1;

	arguments_begin(ret);
	while (code < 0 && (c = getopt_long(argc, argv, "o:h", long_options, NULL)) != -1) {
		if (c == 'o')
			ret->output = optarg;
		else if (c == 'k')
			ret->kver = optarg;
		else if (c == 'f')
			ret->force = true;
		else if (c == 's')
			*ret_slurm = true;
		else
			code = arguments_take(ret, c, optarg, build_help);
	}
	return code;
}

static int check(const struct build_options *options, int roots)
{
	if (roots == 0)
		return usage("which ROOTFS?");
	if (options->output && !*options->output)
		return usage("-o: which DIR?");
	if (options->output && roots > 1)
		return usage("-o goes with one ROOTFS");
	return arguments_check(options);
}

int command_build(int argc, char **argv)
{
	__attribute__((cleanup(parts_done))) struct parts parts = { 0 };
	__attribute__((cleanup(containers_done))) struct containers containers = { 0 };
	auto_failure struct failure f = { 0 };
	struct build_options options;
	bool slurm = false;
	int r = parse(argc, argv, &options, &slurm);

	if (r >= 0)
		return r;
	r = check(&options, argc - optind);
	if (r != EXIT_OK)
		return r;
	if (slurm)
		return build_by_slurm(argv + optind, &options);
	r = parts_find(&parts, &f);
	if (r < 0)
		return tell(&f, r);
	containers = (struct containers){ .engine = options.engine, .image = options.image };
	return build_roots(argv + optind, &options, &parts, &containers);
}
