// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/build/modules.h"

#include "src/common/files.h"
#include "src/common/interrupt.h"
#include "src/common/jail.h"
#include "src/common/mem.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define DEPTH_MAX 16

/* The largest of Debian's has 15 MiB, without its debug information, and all of them half a GiB. */
#define MODULE_MAX  ((off_t)256 << 20)
#define MODULES_MAX ((off_t)4 << 30)
#define FILE_LEAST  4096 /* that each counts for */

/* What depmod may take for them. */
#define DEPMOD_MEMORY ((uint64_t)1 << 30)
#define DEPMOD_CPU_S  300

struct stage {
	const struct rootfs *root;
	const char *version;
	off_t bytes;	     /* that were copied */
	struct strv modules; /* the paths of the copies, below lib/modules/VERSION */
	struct failure *f;
};

char *modules_path(const struct staging *staging, const char *version)
{
	return xasprintf("%s/all/usr/lib/modules/%s", staging->path, version);
}

size_t modules_name_length(const char *name)
{
	static const char *const ends[] = { ".ko", ".ko.xz", ".ko.zst", ".ko.gz" };
	size_t len = strlen(name);

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		size_t end = strlen(ends[i]);

		if (len > end && strcmp(name + len - end, ends[i]) == 0)
			return len - end;
	}
	return 0;
}

static bool is_module(const char *name)
{
	return modules_name_length(name) > 0;
}

/* Is this one of the files that `make modules_install` puts beside the modules, for depmod? */
static bool is_list(const char *name)
{
	return IS_ONE_OF(name, "modules.order", "modules.builtin", "modules.builtin.modinfo");
}

/* Links to the sources and copies of what boots it. */
static bool is_unwanted(const char *name)
{
	return IS_ONE_OF(name, "build", "source", "vdso");
}

/* Nothing that could read as something else in modules.dep, which is text without quoting. */
static bool is_plain(const char *name)
{
	for (const char *c = name; *c; c++) {
		if (!isalnum((unsigned char)*c) && !strchr("._+,=@~-", *c))
			return false;
	}
	return true;
}

static int copy_dir(struct stage *stage, int from, int to, const char *path, int depth);

/* What was taken so far, with what a name itself takes. */
static int count(struct stage *stage, off_t bytes)
{
	stage->bytes += bytes > FILE_LEAST ? bytes : FILE_LEAST;
	if (stage->bytes > MODULES_MAX)
		return fail(stage->f, EFBIG, "remove what no machine needs",
			    "%s: the modules of %s are larger than %d GiB", stage->root->path,
			    stage->version, (int)(MODULES_MAX >> 30));
	return 0;
}

/* Before it is copied: a sparse one would fill TMPDIR, and a large one depmod's memory. */
static int check_size(struct stage *stage, int from, const char *path)
{
	struct stat st;

	if (fstat(from, &st) < 0)
		return fail_errno(stage->f, errno, NULL, "%s: %s", stage->root->path, path);
	if (st.st_size > MODULE_MAX || st.st_blocks > MODULE_MAX / 512)
		return fail(stage->f, EFBIG, "remove it", "%s: %s: larger than %d MiB",
			    stage->root->path, path, (int)(MODULE_MAX >> 20));
	return count(stage, st.st_size);
}

static int copy_file(struct stage *stage, int from, int to, const char *path, const char *name)
{
	auto_close int fd = -1;
	int r;

	if (check_size(stage, from, path) < 0)
		return -stage->f->code;
	fd = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	r = fd < 0 ? -errno : staging_copy_fd(from, fd, MODULE_MAX);

	if (r < 0)
		return fail_errno(stage->f, -r, r == -ENOSPC ? "TMPDIR names another place" : NULL,
				  "copying %s", path);
	if (is_module(name))
		strv_push(&stage->modules,
			  xstrdup(path + strlen("lib/modules/") + strlen(stage->version) + 1));
	return 0;
}

static int copy_below(struct stage *stage, int from, int to, const char *path, const char *name,
		      int depth)
{
	auto_close int in = openat(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	auto_close int out = -1;

	if (in < 0)
		return fail_errno(stage->f, errno, NULL, "%s: %s", stage->root->path, path);
	if (depth == DEPTH_MAX)
		return fail(stage->f, ELOOP, NULL, "%s: %s: too deep", stage->root->path, path);
	if (count(stage, 0) < 0)
		return -stage->f->code;
	if (mkdirat(to, name, 0755) < 0)
		return fail_errno(stage->f, errno, NULL, "copying %s", path);
	out = openat(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (out < 0)
		return fail_errno(stage->f, errno, NULL, "copying %s", path);
	return copy_dir(stage, in, out, path, depth + 1);
}

/* Copies what stands under `name` in a directory, if it is of use. */
static int copy_object(struct stage *stage, int from, int to, const char *path, const char *name,
		       int depth)
{
	auto_close int object = openat(from, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	auto_close int fd = -1;
	struct stat st;

	if (object < 0 || fstat(object, &st) < 0)
		return fail_errno(stage->f, errno, NULL, "%s: %s", stage->root->path, path);
	if (!S_ISDIR(st.st_mode) && !is_module(name) && (depth > 0 || !is_list(name)))
		return 0;
	if (!is_plain(name))
		return fail(stage->f, EINVAL, "remove it", "%s: %s: no name for a module",
			    stage->root->path, path);
	if (S_ISDIR(st.st_mode))
		return copy_below(stage, from, to, path, name, depth);
	if (S_ISLNK(st.st_mode)) {
		fd = rootfs_open_within(stage->root, path, "lib/modules");
		return fd < 0 ? 0 : copy_file(stage, fd, to, path, name);
	}
	if (!S_ISREG(st.st_mode))
		return 0;
	fd = rootfs_reopen(object);
	if (fd < 0)
		return fail_errno(stage->f, -fd, NULL, "%s: %s", stage->root->path, path);
	return copy_file(stage, fd, to, path, name);
}

static int copy_dir(struct stage *stage, int from, int to, const char *path, int depth)
{
	auto_strv char **names = NULL;
	int r = file_names(from, &names);

	if (r < 0)
		return fail_errno(stage->f, -r, NULL, "%s: %s", stage->root->path, path);
	for (char **name = names; r == 0 && *name; name++) {
		auto_free char *below = xasprintf("%s/%s", path, *name);

		if (interrupted)
			return fail(stage->f, EINTR, NULL, "interrupted");
		if (**name != '.' && (depth > 0 || !is_unwanted(*name)))
			r = copy_object(stage, from, to, below, *name, depth);
	}
	return r;
}

static int copy_modules(struct stage *stage, const struct staging *staging)
{
	auto_free char *path = xasprintf("lib/modules/%s", stage->version);
	auto_free char *copy = xasprintf("all/usr/%s", path);
	auto_free char *place = modules_path(staging, stage->version);
	auto_close int from = rootfs_openat(stage->root, path, O_RDONLY | O_DIRECTORY);
	auto_close int to = -1;
	int r;

	if (from < 0)
		return fail_errno(stage->f, -from, NULL, "%s: %s", stage->root->path, path);
	r = staging_make_dir(staging, copy, stage->f);
	if (r < 0)
		return r;
	to = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (to < 0)
		return fail_errno(stage->f, errno, NULL, "%s", place);
	return copy_dir(stage, from, to, path, 0);
}

/* What depmod wrote becomes ours, so that archives say so. It has nothing to do but plain files. */
static int take_back(int tree, const char *path, struct failure *f)
{
	auto_close int dir = openat(tree, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	auto_strv char **names = NULL;
	int r = dir < 0 ? -errno : file_names(dir, &names);

	for (char **name = names; r == 0 && name && *name; name++) {
		auto_close int fd = -1;
		struct stat st;

		if (fstatat(dir, *name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			return fail_errno(f, errno, NULL, "%s/%s", path, *name);
		if (st.st_uid == geteuid())
			continue;
		fd = openat(dir, *name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
		if (fd < 0 || !S_ISREG(st.st_mode) || fchown(fd, geteuid(), getegid()) < 0 ||
		    fchmod(fd, 0644) < 0)
			return fail(f, EPROTO, NULL, "depmod: %s/%s is no file of its own", path,
				    *name);
	}
	return r < 0 ? fail_errno(f, -r, NULL, "%s", path) : 0;
}

/*
 * As a user without rights, who may write into this one directory. Its staging directory can be
 * entered by nobody else meanwhile.
 */
static int run_depmod(int tree, const char *version, int log_fd, const struct program_watch *watch,
		      struct failure *f)
{
	const char *const argv[] = { "depmod", "-b", "/proc/self/cwd", version, NULL };
	const char *const env[] = { "LC_ALL=C", NULL };
	auto_free char *dir = xasprintf("usr/lib/modules/%s", version), *nothing = NULL;
	size_t len;
	int r;

	if (fchmodat(tree, dir, 0777, 0) < 0)
		return fail_errno(f, errno, NULL, "%s", dir);
	r = run_jailed(&(struct jail){ .name = "depmod",
				       .argv = argv,
				       .env = env,
				       .output = log_fd,
				       .dir = tree,
				       .memory = DEPMOD_MEMORY,
				       .file = MODULE_MAX,
				       .cpu_s = DEPMOD_CPU_S,
				       .tick = watch ? watch->tick : NULL,
				       .tick_arg = watch ? watch->arg : NULL,
				       .stop = watch ? watch->stop : NULL },
		       &nothing, &len, f);
	fchmodat(tree, dir, 0755, 0);
	return r == 0 ? take_back(tree, dir, f) : r;
}

/* lib is a link as in a merged-usr root: which of the two depmod goes by depends on its build. */
int modules_depmod(const struct staging *staging, const char *tree, const char *version, int log_fd,
		   const struct program_watch *watch, struct failure *f)
{
	auto_free char *base = staging_path(staging, tree);
	auto_free char *link = xasprintf("%s/lib", tree);
	auto_close int dir = open(base, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r = dir < 0 ? fail_errno(f, errno, NULL, "%s", base)
			: staging_link(staging, "usr/lib", link, f);

	if (r == 0)
		r = run_depmod(dir, version, log_fd, watch, f);
	return r > 0 ? fail(f, EIO, NULL, "depmod for %s failed with status %d", version, r) : r;
}

int modules_stage(const struct staging *staging, const struct rootfs *root, const char *version,
		  int log_fd, const struct program_watch *watch, char ***ret, struct failure *f)
{
	struct stage stage = { .root = root, .version = version, .f = f };
	int r = copy_modules(&stage, staging);

	if (r == 0)
		r = modules_depmod(staging, "all", version, log_fd, watch, f);
	if (r == 0)
		*ret = STEAL(stage.modules.list);
	else
		strv_done(&stage.modules);
	return r;
}
