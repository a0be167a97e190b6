// SPDX-License-Identifier: GPL-2.0-or-later
#include "build.h"

#include "cgz.h"
#include "common/files.h"
#include "common/log.h"
#include "common/mem.h"
#include "common/program.h"
#include "dracut.h"
#include "interrupt.h"
#include "kernels.h"
#include "modules.h"
#include "output.h"
#include "progress.h"
#include "tail.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#define LOG_LINES 20

/* One kernel's build. */
struct job {
	const struct rootfs *root;
	const struct kernel *kernel;
	const struct places *places;
	bool live;
	const char *dir; /* where the files go, for people */
	int dir_fd;
	struct output log; /* dracut's; it gets its name when the build failed */
	struct failure *f;
};

static void show_log(int fd)
{
	auto_free char *text = tail_read(fd, LOG_LINES);

	progress_clear();
	fputs(text, stderr);
}

/* After dracut ended: is its image good? Puts it in its place. */
static int finish_image(struct job *job, const struct staging *staging, struct output *output,
			const struct progress *step)
{
	auto_free char *image = staging_path(staging, DRACUT_IMAGE);
	bool network = true;
	off_t size;
	int r;

	r = dracut_check_image(staging, job->kernel, job->live, &network, job->f);
	if (r == 0)
		r = output_copy(output, image, job->f);
	if (r == 0)
		r = output_commit(output, &size, job->f);
	if (r < 0)
		return r;
	progress_end(step, "%s, %s, %s", output->path, progress_size(size),
		     job->kernel->compression->name);
	if (!network)
		log_line(LOG_WARNING,
			 "initrd-builder: warning: kernel %s has neither cifs nor nfs: "
			 "no root on the network for it",
			 job->kernel->version);
	return 0;
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

/* dracut and the archive of modules run side by side: each keeps one processor busy. */
static int build_files(struct job *job, const struct staging *staging)
{
	auto_free char *name = xasprintf("initramfs.lkp-%s.img", job->kernel->version);
	auto_output struct output output = OUTPUT_NONE;
	struct progress step;
	struct program_watch watch = { &interrupted, progress_tick, &step };
	pid_t pid;
	int r;

	progress_begin(&step, "image");
	r = output_open(job->dir_fd, job->dir, name, &output, job->f);
	if (r == 0)
		r = modules_stage(staging, job->root, job->kernel->version, job->log.fd, &watch,
				  job->f);
	if (r == 0)
		r = dracut_start(staging, job->places, job->kernel, job->live, job->log.fd, &pid,
				 job->f);
	if (r < 0)
		return r;
	r = write_modules(job, staging);
	if (r < 0) {
		program_end(pid);
		return r;
	}
	r = program_wait(pid, &watch, job->f);
	if (r > 0)
		r = fail(job->f, EIO, job->log.path, "dracut failed with status %d", r);
	if (r == 0)
		r = finish_image(job, staging, &output, &step);
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
}

static int build_kernel(struct job *job)
{
	auto_staging struct staging staging = { NULL };
	auto_free char *name = xasprintf("initramfs.lkp-%s.log", job->kernel->version);
	int r;

	printf("%s: kernel %s\n", job->root->path, job->kernel->version);
	r = staging_open(&staging, job->f);
	if (r == 0)
		r = output_open(job->dir_fd, job->dir, name, &job->log, job->f);
	if (r < 0)
		return r;
	r = build_files(job, &staging);
	finish_log(job, r < 0);
	return r;
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

int build_root(const char *path, const struct build_options *options, const struct places *places,
	       struct failure *f)
{
	__attribute__((cleanup(kernels_done))) struct kernels kernels = { 0 };
	__attribute__((cleanup(rootfs_close))) struct rootfs root = { .fd = -1 };
	auto_free char *dir = NULL;
	auto_close int dir_fd = -1;
	int r;

	r = rootfs_open(path, &root, f);
	if (r == 0)
		r = kernels_find(&root, options->kver, &kernels, f);
	if (r == 0)
		r = open_dir(&root, options->output, &dir, &dir_fd, f);
	for (size_t i = 0; r == 0 && i < kernels.n; i++) {
		struct job job = {
			.root = &root,
			.kernel = &kernels.list[i],
			.places = places,
			.live = options->live,
			.dir = dir,
			.dir_fd = dir_fd,
			.log = OUTPUT_NONE,
			.f = f,
		};

		r = build_kernel(&job);
		output_done(&job.log);
	}
	return r;
}
