// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/commands/commands_build.h"

#include "initrd-builder/base/exit_code.h"
#include "initrd-builder/base/progress.h"
#include "initrd-builder/build/slurm.h"
#include "initrd-builder/commands/arguments.h"
#include "src/common/interrupt.h"
#include "src/common/mem.h"

#include <errno.h>
#include <stdlib.h>

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
			code = worse(code, command_failed(&f));
	}
	if (code == EXIT_OK && !interrupted)
		progress_end(&all, "%zu root%s", strv_len(roots), roots[1] ? "s" : "");
	return code;
}

static void on_failed_task(void *arg, int status, const struct failure *f)
{
	int *code = arg;

	command_failed(f);
	*code = worse(*code, status == EXIT_NO_KERNEL ? status : EXIT_FAILED);
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

/* The options that a task gets: those that were given here, but for --slurm. */
static char **task_words(const struct build_options *options)
{
	const char *const values[][2] = {
		{ "--output", options->output }, { "--kver", options->kver },
		{ "--engine", options->engine }, { "--image", options->image },
		{ "--cache", options->cache },	 { "--arch", options->arch },
	};
	auto_strv char **with = features_options(options->with);
	char **words = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		if (values[i][1])
			strv_add(&words, xasprintf("%s=%s", values[i][0], values[i][1]));
	}
	for (char **word = with; word && *word; word++)
		strv_add(&words, xstrdup(*word));
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
	return r < 0 ? command_failed(&f) : code;
}

static int run_build(const struct command_line *line)
{
	__attribute__((cleanup(parts_done))) struct parts parts = { 0 };
	__attribute__((cleanup(containers_done))) struct containers containers = { 0 };
	auto_failure struct failure f = { 0 };
	struct build_options options = arguments_read(line);

	options.output = command_value(line, "output");
	options.kver = command_value(line, "kver");
	options.force = command_value(line, "force");
	if (options.output && line->n_operands > 1)
		return command_usage(line, "--output goes with one ROOTFS");
	if (command_value(line, "slurm"))
		return build_by_slurm(line->operands, &options);
	if (parts_find(&parts, &f) < 0)
		return command_failed(&f);
	containers = (struct containers){ .engine = options.engine, .image = options.image };
	return build_roots(line->operands, &options, &parts, &containers);
}

static const struct command_option options[] = {
	{ "output", 'o', .argument = "DIR", .kind = COMMAND_DIR,
	  .help = "put them into DIR; with one ROOTFS only" },
	{ "kver", .argument = "KVER", .help = "only for this kernel" },
	{ "force", .help = "build what is current as well" },
	{ "slurm", .help = "as an array job of Slurm, a task a ROOTFS, and wait for its end" },
	{ 0 },
};

const struct command command_build = {
	.name = "build",
	.meaning = "make the images that root file systems boot by",
	.synopsis = "[OPTION]… ROOTFS…",
	.about = "Makes initramfs.lkp-KVER.img and modules-KVER.cgz for each kernel in "
		 "ROOTFS/lib/modules and puts them into ROOTFS/boot. What is current is left "
		 "alone. What is there already stays until the new file is whole.",
	.options = options,
	.shared = arguments_options,
	.operands =
		(const struct command_operand[]){
			{ "ROOTFS", .kind = COMMAND_DIR, .repeated = true }, { 0 } },
	.notes = "When the build fails its log stays beside the image, as "
		 "initramfs.lkp-KVER.log.",
	.exits = "Exit status: 0 all built, 1 something failed, 2 wrong usage, 3 a ROOTFS has no "
		 "kernel.",
	.run = run_build,
};
