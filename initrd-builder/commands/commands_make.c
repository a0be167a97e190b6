// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/commands/commands_make.h"

#include "initrd-builder/base/exit_code.h"
#include "initrd-builder/base/path.h"
#include "initrd-builder/write/image.h"
#include "initrd-builder/write/job.h"
#include "initrd-builder/write/pack.h"
#include "src/common/log.h"

#include <errno.h>
#include <string.h>

static const struct command_option output_option[] = {
	{ "output", 'o', .argument = "FILE", .kind = COMMAND_FILE, .required = true,
	  .help = "the initrd; an old one stays until the new one is whole" },
	{ 0 },
};

static const struct command_operand rootfs_operand[] = { { "ROOTFS", .kind = COMMAND_DIR }, { 0 } };

static const char exits[] = "Exit status: 0 made, 1 failed, 2 wrong usage.";

/* The file to make; NULL with a report where its name is one of a folder. */
static const char *output_of(const struct command_line *line)
{
	const char *path = command_value(line, "output");

	if (path[strlen(path) - 1] != '/')
		return path;
	command_usage(line, "--output: which FILE?");
	return NULL;
}

static int end(const struct failure *f, int r)
{
	return r < 0 ? command_failed(f) : EXIT_OK;
}

static int run_pack(const struct command_line *line)
{
	auto_failure struct failure f = { 0 };
	const char *output = output_of(line), *prefix = command_value(line, "prefix");

	if (!output)
		return EXIT_USAGE;
	if (prefix && path_has_dotdot(prefix))
		return command_usage(line, "--prefix: no \"..\" in it");
	return end(&f, pack_paths(line->operands, prefix, output, &f));
}

const struct command command_pack = {
	.name = "pack",
	.meaning = "make an initrd of directories and files",
	.synopsis = "DIR|FILE… -o X.cgz [--prefix PATH]",
	.about = "Makes an initrd of all that is in each DIR, and of each FILE by its own name. "
		 "Everything belongs to root in it.",
	.options =
		(const struct command_option[]){
			{ "prefix", .argument = "PATH", .help = "put it below PATH" }, { 0 } },
	.shared = output_option,
	.operands =
		(const struct command_operand[]){
			{ "DIR|FILE", .kind = COMMAND_FILE, .repeated = true }, { 0 } },
	.exits = exits,
	.run = run_pack,
};

static int run_job(const struct command_line *line)
{
	auto_failure struct failure f = { 0 };
	const char *output = output_of(line), *missing;
	const struct job job = {
		.yaml = line->operands[0],
		.script = line->operands[1],
		.lkp_src = command_value(line, "lkp-src"),
		.service = command_value(line, "service"),
	};
	int r;

	if (!output)
		return EXIT_USAGE;
	r = job_pack(&job, output, &missing, &f);
	if (r == 0 && missing)
		log_line(LOG_WARNING,
			 "initrd-builder: warning: %s: job.sh cannot run the job: %s "
			 "(LKP's sbin/job2sh makes a JOB.sh)",
			 job.yaml, missing);
	return end(&f, r);
}

const struct command command_job = {
	.name = "job",
	.meaning = "make the initrd that brings a job",
	.synopsis = "JOB.yaml [JOB.sh] [--lkp-src DIR | --service] -o job.cgz",
	.about =
		"Makes the initrd that brings a job: /lkp/scheduled/job.yaml and job.sh. A "
		"JOB.sh that is not given is made: by sbin/job2sh of LKP's sources, else one whose "
		"export_top_env exports what stands at the top of the YAML.",
	.options =
		(const struct command_option[]){
			{ "lkp-src", .argument = "DIR", .kind = COMMAND_DIR,
			  .help = "the sources of LKP, for /lkp/lkp/src" },
			{ "service", .help = "add lkp-bootstrap.service, which runs "
					     "job.sh and reboots, for a job without "
					     "LKP's sources" },
			{ 0 } },
	.shared = output_option,
	.operands = (const struct command_operand[]){ { "JOB.yaml", .kind = COMMAND_FILE },
						      { "JOB.sh", .kind = COMMAND_FILE,
							.optional = true },
						      { 0 } },
	.exits = exits,
	.run = run_job,
};

static int run_rootfs(const struct command_line *line)
{
	auto_failure struct failure f = { 0 };
	const char *output = output_of(line);

	return output ? end(&f, pack_rootfs(line->operands[0], output, &f)) : EXIT_USAGE;
}

const struct command command_rootfs = {
	.name = "rootfs",
	.meaning = "make an initrd of a whole root file system",
	.synopsis = "ROOTFS -o X.cgz",
	.about = "Makes an initrd of a whole root file system, which the kernel starts in memory "
		 "with rdinit=/sbin/init. Run it as root: owners stay.",
	.shared = output_option,
	.operands = rootfs_operand,
	.exits = exits,
	.run = run_rootfs,
};

static int run_cat(const struct command_line *line)
{
	auto_failure struct failure f = { 0 };
	const char *output = output_of(line);

	return output ? end(&f, pack_concatenate(line->operands, output, &f)) : EXIT_USAGE;
}

const struct command command_cat = {
	.name = "cat",
	.meaning = "put initrds one behind the other",
	.synopsis = "FILE… -o FILE",
	.about = "Puts initrds one behind the other, with the zero bytes between them that the "
		 "kernel wants.",
	.shared = output_option,
	.operands =
		(const struct command_operand[]){
			{ "FILE", .kind = COMMAND_FILE, .repeated = true }, { 0 } },
	.exits = exits,
	.run = run_cat,
};

static int run_image(const struct command_line *line)
{
	auto_failure struct failure f = { 0 };
	int r = image_make(line->operands[0], command_value(line, "output"),
			   command_value(line, "verity") != NULL, &f);

	if (r < 0)
		command_failed(&f);
	return r == 0 ? EXIT_OK : r == -EINVAL ? EXIT_USAGE : EXIT_FAILED;
}

const struct command command_image = {
	.name = "image",
	.meaning = "make one file of a root file system",
	.synopsis = "ROOTFS -o FILE.erofs|FILE.squashfs [--verity]",
	.about = "Makes one file of a root file system. A testbox mounts it where root= names it: "
		 "a server without Unix extensions can then hold a root, and is asked for less.",
	.options =
		(const struct command_option[]){
			{ "output", 'o', .argument = "FILE", .kind = COMMAND_FILE, .required = true,
			  .help = "the image; its ending says which "
				  "kind (mkfs.erofs, mksquashfs)" },
			{ "verity", .help = "write a hash tree of dm-verity "
					    "behind it, and print "
					    "rootovl.verity=HASH" },
			{ 0 } },
	.operands = rootfs_operand,
	.exits = exits,
	.run = run_image,
};
