// SPDX-License-Identifier: GPL-2.0-or-later
/* `testbox job`: a job file, a root, and a machine that runs the one in the other. */
#include "initrd-builder/root/kernels.h"
#include "initrd-builder/root/rootfs.h"
#include "initrd-builder/write/job.h"
#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/testbox/commands/commands.h"
#include "src/testbox/commands/run_options.h"
#include "src/testbox/plan/machine_plan.h"
#include "src/testbox/plan/url.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

static const char job_help[] =
	"usage: testbox job [OPTION…] --rootfs DIR JOB.yaml\n"
	"Packs a job, boots the root DIR with its own kernel and image, and runs the job there.\n"
	"\n"
	"      --rootfs DIR      the root; it is shared with the machine, which cannot write to "
	"it\n"
	"      --root ROOT       mount the root from here instead: a value of root=\n"
	"      --image FILE      the initramfs; DIR/boot/initramfs.lkp-KVER.img\n"
	"      --lkp-src DIR     LKP's sources, whose rootfs/addon has lkp-bootstrap.service\n"
	"      --script FILE     job.sh; made from JOB.yaml where it is not given\n"
	"      --append WORDS    further words of the kernel line\n"
	"  -n, --name NAME       the testbox; vm-2p8g-1\n"
	"      --dry-run         print what would be run\n" OPTIONS_HELP "\n"
	"Without --result the results are in the folder result of the testbox. Its name is "
	"printed.\n"
	"\n"
	"Exit status: as of testbox run.\n";

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
static int add_boot_files(const struct asked *asked, struct boot_script *script, struct failure *f)
{
	auto_free char *kernel = NULL, *image = NULL, *kernel_name = NULL, *image_name = NULL;
	struct kernels kernels = { 0 };
	struct rootfs root;
	const char *version;
	int r = rootfs_open(asked->job.rootfs, &root, f);

	if (r < 0)
		return r;
	r = kernels_find(&root, NULL, &kernels, f);
	if (r == 0) {
		version = kernels.list[kernels.n - 1].version;
		kernel_name = xasprintf("boot/vmlinuz-%s", version);
		image_name = xasprintf("boot/initramfs.lkp-%s.img", version);
		r = find_in_root(&root, kernel_name, &kernel, f);
	}
	if (r == 0 && asked->job.image) {
		image = realpath(asked->job.image, NULL);
		if (!image)
			r = fail_errno(f, errno, NULL, "%s", asked->job.image);
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

static int default_result(struct asked *asked, struct failure *f)
{
	auto_free char *path = xasprintf("%s/result", asked->box.dir);

	if (asked->options.result || asked->options.dry_run)
		return 0;
	/* A machine can make folders so deep that they stay. */
	file_remove_tree(path);
	if (mkdir(path, 0755) < 0)
		return fail_errno(f, errno, "empty it by rm -r", "%s", path);
	return asked_result(asked, path, f);
}

static int run_job(struct asked *asked, char **words, int *ret_code, struct failure *f)
{
	auto_free char *rootfs = realpath(asked->job.rootfs, NULL), *archive = NULL;
	struct boot_script script = { .end = BOOT_SCRIPT_BOOT };
	const char *root = asked->job.root;
	int r;

	if (!rootfs)
		return fail_errno(f, errno, NULL, "%s", asked->job.rootfs);
	r = box_open(&asked->box, asked->name, f);
	if (r == 0)
		r = default_result(asked, f);
	if (r == 0)
		r = add_boot_files(asked, &script, f);
	if (r == 0) {
		archive = xasprintf("%s/job.cgz", asked->box.run);
		box_say(&asked->box, "packing the job");
		r = job_pack(words[0], asked->job.script, asked->job.lkp_src, archive, f);
	}
	if (r == 0)
		r = add_file(&script, archive, f);
	if (r == 0) {
		asked->options.rootfs = root ? NULL : rootfs;
		script.args =
			xasprintf("user=lkp job=/lkp/scheduled/job.yaml ip=dhcp rootovl ro "
				  "root=%s%s%s",
				  root ? root : "virtiofs:" ROOT_TAG, asked->job.append ? " " : "",
				  asked->job.append ? asked->job.append : "");
		r = asked_run(asked, &script, ret_code, f);
	}
	if (r == 0 && !asked->options.dry_run)
		puts(asked->options.result);
	boot_script_done(&script);
	return r;
}

static bool fits_job(const struct asked *asked, int words)
{
	return words == 1 && asked->job.rootfs && !asked->queues && !asked->token &&
	       !asked->log_server;
}

int command_run_job(int argc, char **argv)
{
	static const struct asked_command command = {
		.name = "job",
		.help = job_help,
		.box = ASKED_BOX,
		.which = "which JOB.yaml, and which --rootfs?",
		.fits = fits_job,
		.run = run_job,
	};

	return asked_command(&command, argc, argv);
}
