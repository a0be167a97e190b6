// SPDX-License-Identifier: GPL-2.0-or-later
#include "build.h"

#include "cgz.h"
#include "common/files.h"
#include "common/mem.h"
#include "common/program.h"
#include "dracut.h"
#include "interrupt.h"
#include "kernels.h"
#include "output.h"
#include "progress.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define LOG_LINES 20
#define LOG_MAX	  (64 * 1024 * 1024)

/* One kernel's build. */
struct job {
	const struct rootfs *root;
	const struct kernel *kernel;
	const struct places *places;
	const char *dir; /* where the files go */
	char *log;	 /* the path of dracut's */
	struct failure *f;
};

static void show_log(const char *path)
{
	auto_free char *text = NULL;
	char *from;

	progress_clear();
	if (file_read(AT_FDCWD, path, LOG_MAX, &text) < 0)
		return;
	from = text + strlen(text);
	for (int lines = 0; from > text; from--) {
		if (from[-1] == '\n' && ++lines > LOG_LINES)
			break;
	}
	fputs(from, stderr);
}

/* After dracut ended: is its image good? Puts it in its place. */
static int finish_image(struct job *job, const struct staging *staging, struct output *output,
			const struct progress *step)
{
	auto_free char *image = staging_path(staging, DRACUT_IMAGE);
	off_t size;
	int r;

	r = dracut_check_image(image, job->kernel, job->f);
	if (r == 0)
		r = output_copy(output, image, job->f);
	if (r == 0)
		r = output_commit(output, &size, job->f);
	if (r == 0)
		progress_end(step, "%s, %s, %s", output->path, progress_size(size),
			     job->kernel->compression->name);
	return r;
}

static int write_modules(struct job *job)
{
	auto_free char *name = xasprintf("modules-%s.cgz", job->kernel->version);
	auto_output struct output output = OUTPUT_NONE;
	struct progress step;
	off_t size;
	int r;

	progress_begin(&step, "modules");
	progress_tick(&step);
	r = output_open(job->dir, name, &output, job->f);
	if (r == 0)
		r = cgz_write(output.fd, job->kernel->modules, job->kernel->version, job->f);
	if (r == 0)
		r = output_commit(&output, &size, job->f);
	if (r == 0)
		progress_end(&step, "%s, %s", output.path, progress_size(size));
	return r;
}

/* dracut and the archive of modules run side by side: each keeps one processor busy. */
static int build_files(struct job *job, const struct staging *staging, int log_fd)
{
	auto_free char *name = xasprintf("initramfs.lkp-%s.img", job->kernel->version);
	auto_output struct output output = OUTPUT_NONE;
	struct progress step;
	struct program_watch watch = { &interrupted, progress_tick, &step };
	pid_t pid;
	int r;

	progress_begin(&step, "image");
	r = output_open(job->dir, name, &output, job->f);
	if (r == 0)
		r = dracut_start(staging, job->places, job->root, job->kernel, log_fd, &pid,
				 job->f);
	if (r < 0)
		return r;
	r = write_modules(job);
	if (r < 0) {
		program_end(pid);
		return r;
	}
	r = program_wait(pid, &watch, job->f);
	if (r > 0)
		r = fail(job->f, EIO, job->log, "dracut failed with status %d", r);
	if (r == 0)
		r = finish_image(job, staging, &output, &step);
	return r;
}

/* dracut goes on without depmod's files, and leaves the modules out. */
static int check_modules(const struct job *job)
{
	auto_free char *dep = xasprintf("%s/modules.dep", job->kernel->modules);
	auto_free char *hint =
		xasprintf("run depmod -b %s %s", job->root->path, job->kernel->version);

	return access(dep, R_OK) < 0 ? fail_errno(job->f, errno, hint, "%s", dep) : 0;
}

static int build_kernel(struct job *job)
{
	auto_staging struct staging staging = { NULL };
	auto_close int log_fd = -1;
	int r = check_modules(job);

	if (r < 0)
		return r;
	job->log = xasprintf("%s/initramfs.lkp-%s.log", job->dir, job->kernel->version);
	printf("%s: kernel %s\n", job->root->path, job->kernel->version);
	log_fd = open(job->log, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (log_fd < 0)
		return fail_errno(job->f, errno, NULL, "%s", job->log);
	r = staging_open(&staging, job->f);
	if (r == 0)
		r = build_files(job, &staging, log_fd);
	if (r == 0 || interrupted)
		unlink(job->log);
	else
		show_log(job->log);
	return r;
}

/* Where the files go: what was asked for, or /boot in the root, which is made where it is not. */
static int find_dir(const struct rootfs *root, const char *asked, char **ret, struct failure *f)
{
	int r;

	if (asked) {
		*ret = xstrdup(asked);
		r = file_make_dirs(asked);
		return r < 0 ? fail_errno(f, -r, NULL, "%s", asked) : 0;
	}
	mkdirat(root->fd, "boot", 0755);
	r = rootfs_locate(root, "boot/.", ret);
	return r < 0 ? fail_errno(f, -r, "-o DIR names another place", "%s: boot", root->path) : 0;
}

int build_root(const char *path, const struct build_options *options, const struct places *places,
	       struct failure *f)
{
	__attribute__((cleanup(kernels_done))) struct kernels kernels = { 0 };
	__attribute__((cleanup(rootfs_close))) struct rootfs root = { .fd = -1 };
	auto_free char *dir = NULL;
	int r;

	r = rootfs_open(path, &root, f);
	if (r == 0)
		r = kernels_find(&root, options->kver, &kernels, f);
	if (r == 0)
		r = find_dir(&root, options->output, &dir, f);
	for (size_t i = 0; r == 0 && i < kernels.n; i++) {
		struct job job = {
			.root = &root,
			.kernel = &kernels.list[i],
			.places = places,
			.dir = dir,
			.f = f,
		};

		r = build_kernel(&job);
		free(job.log);
	}
	return r;
}
