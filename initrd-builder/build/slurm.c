// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/build/slurm.h"

#include "initrd-builder/base/progress.h"
#include "initrd-builder/base/tail.h"
#include "initrd-builder/root/rootfs.h"
#include "src/common/interrupt.h"
#include "src/common/mem.h"
#include "src/common/one_line.h"
#include "src/common/program.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>

#define STATUS_LINE "initrd-builder: exit status "
#define SHOWN_LINES 40

/* A word as the shell reads it: 'it'\''s'. */
static char *quote(const char *word)
{
	auto_strv char **parts = NULL;
	auto_free char *joined = NULL;

	for (;;) {
		size_t len = strcspn(word, "'");

		strv_add(&parts, xstrndup(word, len));
		if (!word[len])
			break;
		word += len + 1;
	}
	joined = strv_join(parts, "'\\''");
	return xasprintf("'%s'", joined);
}

static void put_words(int fd, char *const *words)
{
	for (; words && *words; words++) {
		auto_free char *quoted = quote(*words);

		dprintf(fd, " %s", quoted);
	}
}

/* The script of all tasks, each of which takes its own root. */
static int write_script(char *const *roots, char *const *words, struct failure *f)
{
	auto_close int fd = memfd_create("script", MFD_CLOEXEC);
	auto_free char *self = NULL, *program = NULL;
	auto_close int exe = open("/proc/self/exe", O_PATH | O_CLOEXEC);
	int r = fd < 0 || exe < 0 ? -errno : rootfs_place(exe, &self);

	if (r < 0)
		return fail_errno(f, -r, NULL, "the script for slurm");
	program = quote(self);
	dprintf(fd, "#!/bin/sh\nset --");
	put_words(fd, roots);
	dprintf(fd, "\nshift \"$SLURM_ARRAY_TASK_ID\"\n%s build", program);
	put_words(fd, words);
	if (dprintf(fd, " -- \"$1\" 2>&1\nstatus=$?\necho '" STATUS_LINE
			"'$status\nexit $status\n") < 0)
		return fail_errno(f, errno, NULL, "the script for slurm");
	lseek(fd, 0, SEEK_SET);
	return steal_fd(&fd);
}

/* The number of the job, which is the first that sbatch says; NULL: it said none. */
static char *job_of(int said)
{
	char text[64];
	ssize_t n = pread(said, text, sizeof(text) - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	text[strspn(text, "0123456789")] = '\0'; /* ";CLUSTER" may follow */
	return *text ? xstrdup(text) : NULL;
}

static void cancel(const char *job)
{
	auto_failure struct failure ignored = { 0 };
	const char *const argv[] = { "scancel", job, NULL };

	program_run(&(struct program){ .argv = argv, .output = -1, .errors = -1 }, NULL, &ignored);
}

/* Gives the status of sbatch, the highest of the tasks', or -errno. */
static int submit(char *const *roots, int script, char **ret_job, struct failure *f)
{
	auto_free char *array = xasprintf("--array=0-%zu", strv_len(roots) - 1);
	auto_free char *path = xasprintf("/proc/self/fd/%d", script);
	auto_close int said = memfd_create("said", MFD_CLOEXEC);
	auto_close int errors = memfd_create("errors", MFD_CLOEXEC);
	const char *const argv[] = { "sbatch",
				     "--parsable",
				     "--wait",
				     array,
				     "--job-name=initrd-builder",
				     "--output=initrd-builder-%A_%a.out",
				     path,
				     NULL };
	const int keep[] = { script, -1 };
	struct progress step;
	struct program_watch watch = { &interrupted, progress_tick, &step };
	int r;

	if (said < 0 || errors < 0)
		return fail_errno(f, errno, NULL, "memfd_create");
	progress_begin(&step, "slurm");
	r = program_run(
		&(struct program){ .argv = argv, .output = said, .errors = errors, .keep = keep },
		&watch, f);
	*ret_job = job_of(said);
	if (r < 0 && *ret_job)
		cancel(*ret_job);
	if (r >= 0 && !*ret_job) {
		auto_free char *why = tail_read(errors, 1);

		why[strcspn(why, "\n")] = '\0';
		return fail(f, EIO, "does sinfo show the cluster from here?", "%s%s",
			    strncmp(why, "sbatch: ", 8) == 0 ? "" : "sbatch: ",
			    *why ? why : "no job was made");
	}
	if (r >= 0)
		progress_end(&step, "job %s, %zu tasks", *ret_job, strv_len(roots));
	return r;
}

/* Takes the last line away, and gives the exit status in it, or -1. */
static int take_status(char *text)
{
	char *line = strstr(text, STATUS_LINE), *next;

	while (line && (next = strstr(line + 1, STATUS_LINE)))
		line = next;
	if (!line || (line != text && line[-1] != '\n'))
		return -1;
	*line = '\0';
	return atoi(line + strlen(STATUS_LINE));
}

/* Shows what a task said. Gives its exit status; what failed keeps its file. */
static int finish_task(const char *root, const char *job, size_t number, struct failure *f)
{
	auto_free char *name = xasprintf("initrd-builder-%s_%zu.out", job, number);
	auto_close int fd = open(name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	auto_free char *text = fd < 0 ? xstrdup("") : tail_read(fd, SHOWN_LINES);
	int status = take_status(text);

	progress_clear();
	one_line_each(status == 0 ? stdout : stderr, text);
	if (status == 0) {
		unlink(name);
		return 0;
	}
	if (status > 0)
		fail(f, EIO, name, "%s: task %s_%zu of slurm failed with status %d", root, job,
		     number, status);
	else if (fd >= 0)
		fail(f, EIO, name, "%s: task %s_%zu of slurm was ended", root, job, number);
	else
		fail(f, EIO, "do the nodes have this directory? see scontrol(1), show job",
		     "%s: task %s_%zu of slurm left no %s here", root, job, number, name);
	return status < 0 ? 1 : status;
}

int slurm_build(char *const *roots, char *const *words,
		void (*failed)(void *arg, int status, const struct failure *f), void *arg,
		struct failure *f)
{
	auto_close int script = write_script(roots, words, f);
	auto_free char *job = NULL;
	int r = script < 0 ? script : submit(roots, script, &job, f);

	for (size_t i = 0; r >= 0 && roots[i]; i++) {
		auto_failure struct failure task = { 0 };
		int status = finish_task(roots[i], job, i, &task);

		if (status != 0)
			failed(arg, status, &task);
	}
	return r < 0 ? r : 0;
}
