// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/build/build.h"

#include "initrd-builder/base/progress.h"
#include "initrd-builder/base/tail.h"
#include "initrd-builder/build/digest.h"
#include "initrd-builder/build/kernel_half.h"
#include "initrd-builder/build/lock.h"
#include "initrd-builder/build/modules.h"
#include "initrd-builder/build/record.h"
#include "initrd-builder/build/userspace_key.h"
#include "initrd-builder/root/arch.h"
#include "initrd-builder/root/kernels.h"
#include "initrd-builder/write/cgz.h"
#include "initrd-builder/write/compress.h"
#include "initrd-builder/write/output.h"
#include "src/common/files.h"
#include "src/common/interrupt.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/common/one_line.h"
#include "src/common/program.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define LOG_LINES 20
#define ALIGNMENT 4 /* of segments in an initramfs */

/* One kernel's build. */
struct job {
	const struct rootfs *root;
	const struct kernel *kernel;
	const struct parts *parts;
	const struct userspace *userspace;
	const char *dir; /* where the files go, for people */
	int dir_fd;
	bool force;
	char *key;	   /* of the userspace */
	char *record;	   /* what the image is made from */
	struct output log; /* of programs; it gets its name when the build failed */
	struct failure *f;
};

static void show_log(int fd)
{
	auto_free char *text = tail_read(fd, LOG_LINES);

	progress_clear();
	one_line_each(stderr, text);
}

static int write_modules(struct job *job, const struct staging *staging)
{
	auto_free char *modules = modules_path(staging, job->kernel->version);
	auto_free char *name = xasprintf("modules-%s.cgz", job->kernel->version);
	auto_output struct output output = OUTPUT_NONE;
	struct progress step;
	off_t size;
	int r;

	progress_begin(&step, "modules");
	progress_tick(&step);
	r = output_open(job->dir_fd, job->dir, name, &output, job->f);
	if (r == 0)
		r = cgz_write(output.fd, modules, job->kernel->version, job->f);
	if (r == 0)
		r = output_commit(&output, &size, job->f);
	if (r == 0)
		progress_end(&step, "%s, %s", output.path, progress_size(size));
	return r;
}

/* Puts the two halves together. */
static int write_image(struct job *job, int userspace, int kernel_half, const struct progress *step,
		       bool network)
{
	auto_free char *name = xasprintf("initramfs.lkp-%s.img", job->kernel->version);
	auto_output struct output output = OUTPUT_NONE;
	off_t size;
	int r = output_open(job->dir_fd, job->dir, name, &output, job->f);

	if (r == 0)
		r = output_copy(&output, userspace, job->f);
	if (r < 0)
		return r;
	size = lseek(output.fd, 0, SEEK_END);
	size += (ALIGNMENT - size % ALIGNMENT) % ALIGNMENT;
	if (ftruncate(output.fd, size) < 0 || lseek(output.fd, size, SEEK_SET) < 0)
		return fail_errno(job->f, errno, "is there room?", "%s", output.path);
	r = output_copy(&output, kernel_half, job->f);
	if (r == 0)
		r = output_commit(&output, &size, job->f);
	if (r < 0)
		return r;
	progress_end(step, "%s, %s, %s", output.path, progress_size(size),
		     job->kernel->compression->name);
	if (!network)
		log_line(LOG_WARNING,
			 "initrd-builder: warning: kernel %s has neither cifs nor nfs: "
			 "no root on the network for it",
			 job->kernel->version);
	return 0;
}

/* The kernel's half is compressed while the archive of modules is written, and both while a new
 * userspace is compressed. */
static int build_halves(struct job *job, const struct staging *staging, struct userspace_work *work)
{
	const char *version = job->kernel->version;
	auto_free char *half = staging_path(staging, KERNEL_HALF);
	auto_free char *packed = staging_path(staging, KERNEL_HALF ".packed");
	auto_close int fd = open(packed, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	auto_compress struct compress *compress = NULL;
	auto_strv char **modules = NULL;
	struct progress step;
	struct program_watch watch = { &interrupted, progress_tick, &step };
	struct kernel_half kernel = {
		.staging = staging,
		.parts = job->parts,
		.with = job->userspace->with,
		.root = job->root,
		.version = version,
		.record = job->record,
		.log_fd = job->log.fd,
		.watch = &watch,
	};
	enum compress_effort effort;
	bool network = true;
	int r;

	if (fd < 0)
		return fail_errno(job->f, errno, NULL, "%s", packed);
	progress_begin(&step, "image");
	progress_tick(&step);
	r = modules_stage(staging, job->root, version, job->log.fd, &watch, &modules, job->f);
	kernel.modules = modules;
	if (r == 0)
		r = kernel_half_make(&kernel, &network, job->f);
	if (r < 0)
		return r;
	/* --way short is for small images: take a few seconds more for a better compression. */
	effort =
		features_has(job->userspace->with, FEATURE_SHORT) ? COMPRESS_SMALL : COMPRESS_QUICK;
	compress = compress_start(job->kernel->compression, effort, half, fd, packed, job->f);
	r = compress ? write_modules(job, staging) : -job->f->code;
	if (r == 0)
		r = compress_wait(compress, progress_tick, &step, job->f);
	if (r == 0)
		r = userspace_end(work, job->f);
	return r < 0 ? r : write_image(job, work->fd, fd, &step, network);
}

static int build_files(struct job *job, const struct staging *staging)
{
	__attribute__((cleanup(userspace_done))) struct userspace_work work = USERSPACE_NONE;
	int r = userspace_begin(job->userspace, job->kernel->compression, job->key, staging,
				job->log.fd, &work, job->f);

	if (r == 0)
		r = build_halves(job, staging, &work);
	if (r == 0)
		r = record_write(job->dir_fd, job->dir, job->kernel->version, job->record, job->f);
	return r;
}

/* Puts the log beside the image, or takes away one of before. A failure to do so is none. */
static void finish_log(struct job *job, bool failed)
{
	auto_failure struct failure f = { 0 };

	if (!failed || interrupted) {
		unlinkat(job->dir_fd, job->log.name, 0);
		return;
	}
	output_commit(&job->log, NULL, &f);
	show_log(job->log.fd);
	if (!job->f->hint)
		job->f->hint = xstrdup(job->log.path);
}

static int make_files(struct job *job)
{
	auto_staging struct staging staging = { .fd = -1 };
	auto_free char *name = xasprintf("initramfs.lkp-%s.log", job->kernel->version);
	int r = staging_open(&staging, job->f);

	if (r == 0)
		r = output_open(job->dir_fd, job->dir, name, &job->log, job->f);
	if (r < 0)
		return r;
	r = build_files(job, &staging);
	finish_log(job, r < 0);
	return r;
}

/* The lists that say what the kernel's half has. */
static int digest_lists(const struct job *job, char **ret)
{
	auto_free char *text = NULL;
	struct digest digest;
	int r = kernel_half_lists(job->parts, job->userspace->with, &text, job->f);

	if (r < 0)
		return r;
	digest_begin(&digest);
	digest_text(&digest, text);
	*ret = digest_end(&digest);
	return 0;
}

/* Gives 1 where it was built, 0 where it is current, or -errno. */
static int build_kernel(struct job *job)
{
	auto_free char *lists = NULL;
	int r = digest_lists(job, &lists);

	if (r == 0)
		r = userspace_key(job->userspace, job->kernel->compression, &job->key, job->f);
	if (r == 0)
		r = record_text(job->root, job->kernel, job->userspace->container, job->key, lists,
				job->userspace->with, &job->record, job->f);
	if (r < 0)
		return r;
	if (!job->force && record_is_current(job->dir_fd, job->kernel->version, job->record)) {
		one_line_print(stdout, "%s: kernel %s: current", job->root->path,
			       job->kernel->version);
		return 0;
	}
	one_line_print(stdout, "%s: kernel %s", job->root->path, job->kernel->version);
	fflush(stdout);
	r = make_files(job);
	return r < 0 ? r : 1;
}

static void job_done(struct job *job)
{
	output_done(&job->log);
	free(job->key);
	free(job->record);
}

/* Where the files go: what was asked for, or /boot in the root, which is made where it is not. */
static int open_dir(const struct rootfs *root, const char *asked, char **ret, int *ret_fd,
		    struct failure *f)
{
	int fd, r;

	if (asked) {
		*ret = xstrdup(asked);
		r = file_make_dirs(asked);
		fd = r < 0 ? r : open(asked, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0)
			return fail_errno(f, r < 0 ? -r : errno, NULL, "%s", asked);
		*ret_fd = fd;
		return 0;
	}
	mkdirat(root->fd, "boot", 0755);
	fd = rootfs_openat(root, "boot", O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return fail_errno(f, -fd, "-o DIR names another place", "%s: boot", root->path);
	*ret_fd = fd;
	r = rootfs_place(fd, ret);
	return r < 0 ? fail_errno(f, -r, NULL, "%s: boot", root->path) : 0;
}

/* In the directory nobody else is at work. The containers were found before. */
static int build_kernels(const struct kernels *kernels, const struct build_options *options,
			 struct containers *containers, const struct job *like)
{
	int built = 0, r = 0;

	output_clean(like->dir_fd, "initramfs.lkp-");
	output_clean(like->dir_fd, "modules-");
	for (size_t i = 0; r >= 0 && i < kernels->n; i++) {
		struct userspace userspace = { NULL, like->parts, options->cache, options->with };
		struct job job = *like;

		job.kernel = &kernels->list[i];
		job.userspace = &userspace;
		r = containers_get(containers, build_arch(job.kernel, options),
				   &userspace.container, job.f);
		if (r == 0)
			r = build_kernel(&job);
		built += r;
		job_done(&job);
	}
	return r < 0 ? r : built;
}

const char *build_arch(const struct kernel *kernel, const struct build_options *options)
{
	return kernel->arch ? kernel->arch : options->arch ? options->arch : arch_own();
}

/* The first half has to run on the kernel. */
static int check_arch(const struct kernel *kernel, const struct build_options *options,
		      struct containers *containers, struct failure *f)
{
	const char *arch = build_arch(kernel, options);
	const struct container *container;

	if (strcmp(arch, ARCH_UNKNOWN) == 0)
		return fail(f, ENOEXEC, NULL, "it is of an architecture that is not known");
	if (options->arch && strcmp(arch, options->arch) != 0)
		return fail(f, ENOEXEC, NULL, "it is of architecture %s, and --arch asks for %s",
			    arch, options->arch);
	return containers_get(containers, arch, &container, f);
}

static int check_archs(const struct rootfs *root, const struct kernels *kernels,
		       const struct build_options *options, struct containers *containers,
		       struct failure *f)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < kernels->n; i++) {
		r = check_arch(&kernels->list[i], options, containers, f);
		if (r < 0)
			failure_prefix(f, "%s: kernel %s", root->path, kernels->list[i].version);
	}
	return r;
}

int build_opened(const struct rootfs *root, const struct build_options *options,
		 const struct parts *parts, struct containers *containers, struct failure *f)
{
	__attribute__((cleanup(kernels_done))) struct kernels kernels = { 0 };
	auto_free char *dir = NULL;
	auto_close int dir_fd = -1;
	auto_lock struct lock lock = LOCK_NONE;
	int r = kernels_find(root, options->kver, &kernels, f);

	if (r == 0)
		r = check_archs(root, &kernels, options, containers, f);
	if (r == 0)
		r = open_dir(root, options->output, &dir, &dir_fd, f);
	if (r == 0)
		r = lock_take(dir_fd, dir, options->no_wait ? NULL : progress_waits, &lock, f);
	if (r < 0)
		return r;
	return build_kernels(&kernels, options, containers,
			     &(struct job){
				     .root = root,
				     .parts = parts,
				     .dir = dir,
				     .dir_fd = dir_fd,
				     .force = options->force,
				     .log = OUTPUT_NONE,
				     .f = f,
			     });
}

int build_root(const char *path, const struct build_options *options, const struct parts *parts,
	       struct containers *containers, struct failure *f)
{
	__attribute__((cleanup(rootfs_close))) struct rootfs root = { .fd = -1 };
	int r = rootfs_open(path, &root, f);

	return r < 0 ? r : build_opened(&root, options, parts, containers, f);
}
