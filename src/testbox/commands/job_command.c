// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/commands/job_command.h"

#include "initrd-builder/write/job.h"
#include "src/common/files.h"
#include "src/common/folder.h"
#include "src/common/interrupt.h"
#include "src/common/jail.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/common/meminfo.h"
#include "src/common/one_line.h"
#include "src/rootovl/plan/job_start.h"
#include "src/testbox/commands/job_boot.h"
#include "src/testbox/commands/job_results.h"
#include "src/testbox/commands/run_options.h"
#include "src/testbox/plan/job_wants.h"
#include "src/testbox/plan/machine_plan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#define JOB_MAX (16 * 1024 * 1024)

/* Half of what is free is the most that a job gets, as by LKP's lkp-exec/qemu. */
static void limit_memory(const char *job, struct machine_wishes *wishes)
{
	uint64_t half = meminfo_read("MemAvailable:") / 2;

	if (!half || wishes->memory <= half)
		return;
	log_line(LOG_NOTICE,
		 "testbox: %s: memory: %llu MiB is more than half of what is free: %llu", job,
		 (unsigned long long)(wishes->memory >> 20), (unsigned long long)(half >> 20));
	wishes->memory = half;
}

static int read_wants(void *arg, FILE *answer, struct failure *f)
{
	struct job_wants wants = { 0 };
	int r = job_wants_read(arg, &wants, f);

	if (r == 0)
		job_wants_put(answer, &wants);
	job_wants_done(&wants);
	return r;
}

/* A job is a stranger's text. */
static int read_in_jail(char *text, struct job_wants *ret, struct failure *f)
{
	auto_free char *answer = NULL;
	size_t len;
	int r = run_jailed(&(struct jail){ .name = "the job",
					   .work = read_wants,
					   .arg = text,
					   .answer_max = 2 * JOB_MAX,
					   .stop = &interrupted },
			   &answer, &len, f);

	return r < 0 ? r : job_wants_take(answer, len, ret, f);
}

static int read_job(const char *path, struct job_wants *ret, struct failure *f)
{
	auto_free char *text = NULL;
	int r = file_read(AT_FDCWD, path, JOB_MAX, &text);

	if (r < 0)
		return fail_errno(f, -r, NULL, "%s", path);
	r = read_in_jail(text, ret, f);
	if (r < 0)
		failure_prefix(f, "%s", path);
	else
		limit_memory(path, &ret->wishes);
	return r;
}

static int add_job(const struct command_line *line, const struct box *box,
		   const struct job_wants *wants, bool service, struct boot_script *script,
		   struct failure *f)
{
	auto_free char *archive = xasprintf("%s/job.cgz", box->run);
	const struct job job = {
		.yaml = line->operands[0],
		.script = command_value(line, "script"),
		.lkp_src = command_value(line, "lkp-src"),
		.exports = wants->exports,
		.service = service,
	};
	const char *missing;
	int r;

	box_say(box, "packing the job");
	if (service)
		log_line(LOG_NOTICE,
			 "testbox: %s: the root has no " JOB_UNIT
			 ": the job brings one that runs %s and reboots",
			 job.yaml, job.script);
	r = job_pack(&job, archive, &missing, f);
	if (r == 0 && missing)
		log_line(LOG_WARNING,
			 "testbox: %s: warning: job.sh cannot run the job: %s (give --script, or "
			 "--lkp-src with sbin/job2sh, and install ruby)",
			 job.yaml, missing);
	return r < 0 ? r : job_boot_add_file(script, archive, f);
}

/*
 * LKP's words: where it brings results to, and what its own launcher puts into a job that has no
 * result_root.
 */
static char *kernel_line(const struct command_line *line)
{
	const char *root = command_value(line, "root"), *append = command_value(line, "append");

	return xasprintf("user=lkp job=/lkp/scheduled/job.yaml ip=dhcp rootovl ro root=%s "
			 "result_service=" RESULT_TAG_9P
			 " systemd.setenv=result_root=/result systemd.setenv=LKP_LOCAL_RUN=1%s%s",
			 root ? root : "virtiofs:" ROOT_TAG, append ? " " : "",
			 append ? append : "");
}

static int run_in_box(struct run_request *request, struct job_wants *wants, int *ret_code,
		      struct failure *f)
{
	const struct command_line *line = request->line;
	struct boot_script script = { .end = BOOT_SCRIPT_BOOT, .wishes = wants->wishes };
	auto_free char *results = NULL;
	int r = 0;

	script.args = kernel_line(line);
	if (!request->options.result && !request->options.dry_run) {
		r = job_results_make(request->box.dir, wants->result_root, &results, f);
		if (r == 0)
			r = run_options_result(request, results, f);
	}
	if (r == 0)
		r = job_boot_add(line, request->options.rootfs_fd, request->box.run, &script, f);
	if (r == 0)
		r = add_job(line, &request->box, wants,
			    job_boot_needs_service(line, request->options.rootfs_fd), &script, f);
	if (r == 0)
		r = run_options_run(request, &script, ret_code, f);
	if (r == 0 && !request->options.dry_run)
		one_line_print(stdout, "%s", request->options.result);
	job_boot_close(&script);
	boot_script_done(&script);
	return r;
}

static int run_job(struct run_request *request, int *ret_code, struct failure *f)
{
	const struct command_line *line = request->line;
	const char *given = command_value(line, "rootfs"), *name = command_value(line, "name");
	auto_free char *rootfs = realpath(given, NULL);
	struct job_wants wants = { 0 };
	int r;

	if (!rootfs)
		return fail_errno(f, errno, NULL, "%s", given);
	request->name = name ? name : RUN_OPTIONS_BOX;
	request->what = line->operands[0];
	request->options.dry_run = command_value(line, "dry-run");
	request->options.rootfs = command_value(line, "root") ? NULL : rootfs;
	r = request->options.rootfs ? folder_open(given, &request->options.rootfs_fd, f) : 0;
	if (r == 0)
		r = read_job(request->what, &wants, f);
	if (r == 0)
		r = box_open(&request->box, request->name, f);
	if (r == 0)
		r = run_in_box(request, &wants, ret_code, f);
	job_wants_done(&wants);
	return r;
}

static int run(const struct command_line *line)
{
	return run_options_command(line, run_job);
}

static const struct command_option options[] = {
	{ "rootfs", .argument = "DIR", .kind = COMMAND_DIR, .required = true,
	  .help = "the root; it is shared with the machine, which cannot write to it" },
	{ "root", .argument = "ROOT",
	  .help = "mount the root from here instead: a value of root=" },
	{ "image", .argument = "FILE", .kind = COMMAND_FILE,
	  .help = "the initramfs; DIR/boot/initramfs.lkp-KVER.img" },
	{ "kver", .argument = "KVER", .kind = COMMAND_TEXT,
	  .help = "boot this kernel of the root, not the last one" },
	{ "kernel", .argument = "FILE", .kind = COMMAND_FILE,
	  .help = "boot this kernel in place of the root's" },
	{ "modules", .argument = "FILE.cgz", .kind = COMMAND_FILE,
	  .help = "its modules: an archive with lib/modules/KVER" },
	{ "initrd", .argument = "FILE", .kind = COMMAND_FILE,
	  .help = "a further initrd, in front of the job's; may be given several times" },
	{ "lkp-src", .argument = "DIR", .kind = COMMAND_DIR,
	  .help = "LKP's sources, whose rootfs/addon has lkp-bootstrap.service" },
	{ "script", .argument = "FILE", .kind = COMMAND_FILE,
	  .help = "job.sh; without it sbin/job2sh of --lkp-src makes it from JOB.yaml" },
	{ "append", .argument = "WORDS", .help = "further words of the kernel line" },
	{ "name", 'n', .argument = "NAME", .help = "the testbox; " RUN_OPTIONS_BOX },
	{ "dry-run", .help = "print what would be run" },
	{ 0 },
};

const struct command command_run_job = {
	.name = "job",
	.meaning = "pack a job, and run it on a root",
	.synopsis = "[OPTION…] --rootfs DIR JOB.yaml",
	.about = "Packs a job, boots the root DIR with its own kernel and image, and runs the job "
		 "there.",
	.options = options,
	.shared = run_options_shared,
	.operands = (const struct command_operand[]){ { "JOB.yaml", .kind = COMMAND_FILE }, { 0 } },
	.notes = "Without --result the results are in the folder result of the testbox, or, for a "
		 "job with result_root:, in a folder of its own below results, counted as LKP "
		 "does. Its name is printed.",
	.exits = "Exit status: as of testbox run.",
	.run = run,
};
