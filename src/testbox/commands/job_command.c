// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/commands/job_command.h"

#include "initrd-builder/root/kernels.h"
#include "initrd-builder/root/rootfs.h"
#include "initrd-builder/write/job.h"
#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/common/url.h"
#include "src/testbox/commands/run_options.h"
#include "src/testbox/plan/machine_plan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

/* The place of a file of the root, links resolved inside of it. */
static int find_in_root(const struct rootfs *root, const char *path, char **ret, struct failure *f)
{
	auto_close int fd = rootfs_openat(root, path, O_PATH);
	int r = fd < 0 ? fd : rootfs_place(fd, ret);

	return r < 0 ? fail_errno(f, -r, "initrd-builder build makes the image", "%s/%s",
				  root->path, path)
		     : 0;
}

static int add_file(struct boot_script *script, const char *path, struct failure *f)
{
	char *url;
	int r = url_of_argument(path, &url, f);

	if (r == 0)
		strv_add(&script->initrds, url);
	return r;
}

/* Kernel and image: of the last of the root's kernels. */
static int add_boot_files(const struct command_line *line, struct boot_script *script,
			  struct failure *f)
{
	const char *own_image = command_value(line, "image");
	auto_free char *kernel = NULL, *image = NULL, *kernel_name = NULL, *image_name = NULL;
	struct kernels kernels = { 0 };
	struct rootfs root;
	const char *version;
	int r = rootfs_open(command_value(line, "rootfs"), &root, f);

	if (r < 0)
		return r;
	r = kernels_find(&root, NULL, &kernels, f);
	if (r == 0) {
		version = kernels.list[kernels.n - 1].version;
		kernel_name = xasprintf("boot/vmlinuz-%s", version);
		image_name = xasprintf("boot/initramfs.lkp-%s.img", version);
		r = find_in_root(&root, kernel_name, &kernel, f);
	}
	if (r == 0 && own_image) {
		image = realpath(own_image, NULL);
		if (!image)
			r = fail_errno(f, errno, NULL, "%s", own_image);
	} else if (r == 0) {
		r = find_in_root(&root, image_name, &image, f);
	}
	if (r == 0)
		r = url_of_argument(kernel, &script->kernel, f);
	if (r == 0)
		r = add_file(script, image, f);
	kernels_done(&kernels);
	rootfs_close(&root);
	return r;
}

static int default_result(struct run_request *request, struct failure *f)
{
	auto_free char *path = xasprintf("%s/result", request->box.dir);

	if (request->options.result || request->options.dry_run)
		return 0;
	/* A machine can make folders so deep that they stay. */
	file_remove_tree(path);
	if (mkdir(path, 0755) < 0)
		return fail_errno(f, errno, "empty it by rm -r", "%s", path);
	return run_options_result(request, path, f);
}

static int run_job(struct run_request *request, int *ret_code, struct failure *f)
{
	const struct command_line *line = request->line;
	const char *root = command_value(line, "root"), *append = command_value(line, "append");
	const char *given = command_value(line, "rootfs"), *name = command_value(line, "name");
	auto_free char *rootfs = realpath(given, NULL), *archive = NULL;
	struct boot_script script = { .end = BOOT_SCRIPT_BOOT };
	int r;

	if (!rootfs)
		return fail_errno(f, errno, NULL, "%s", given);
	request->name = name ? name : RUN_OPTIONS_BOX;
	request->options.dry_run = command_value(line, "dry-run");
	r = box_open(&request->box, request->name, f);
	if (r == 0)
		r = default_result(request, f);
	if (r == 0)
		r = add_boot_files(line, &script, f);
	if (r == 0) {
		archive = xasprintf("%s/job.cgz", request->box.run);
		box_say(&request->box, "packing the job");
		r = job_pack(line->operands[0], command_value(line, "script"),
			     command_value(line, "lkp-src"), archive, f);
	}
	if (r == 0)
		r = add_file(&script, archive, f);
	if (r == 0) {
		request->options.rootfs = root ? NULL : rootfs;
		script.args = xasprintf("user=lkp job=/lkp/scheduled/job.yaml ip=dhcp rootovl ro "
					"root=%s%s%s",
					root ? root : "virtiofs:" ROOT_TAG, append ? " " : "",
					append ? append : "");
		r = run_options_run(request, &script, ret_code, f);
	}
	if (r == 0 && !request->options.dry_run)
		puts(request->options.result);
	boot_script_done(&script);
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
	{ "lkp-src", .argument = "DIR", .kind = COMMAND_DIR,
	  .help = "LKP's sources, whose rootfs/addon has lkp-bootstrap.service" },
	{ "script", .argument = "FILE", .kind = COMMAND_FILE,
	  .help = "job.sh; made from JOB.yaml where it is not given" },
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
	.notes = "Without --result the results are in the folder result of the testbox. Its name "
		 "is printed.",
	.exits = "Exit status: as of testbox run.",
	.run = run,
};
