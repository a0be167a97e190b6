// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/build/modules.h"

#include "src/common/files.h"
#include "src/common/interrupt.h"
#include "src/common/mem.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define DEPTH_MAX 16

struct stage {
	const struct rootfs *root;
	const char *version;
	char **modules; /* the paths of the copies, below lib/modules/VERSION */
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

static int copy_file(struct stage *stage, int from, int to, const char *path, const char *name)
{
	auto_close int fd = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	int r = fd < 0 ? -errno : staging_copy_fd(from, fd);

	if (r < 0)
		return fail_errno(stage->f, -r, r == -ENOSPC ? "TMPDIR names another place" : NULL,
				  "copying %s", path);
	if (is_module(name))
		strv_add(&stage->modules,
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

/* lib is a link as in a merged-usr root: which of the two depmod goes by depends on its build. */
int modules_depmod(const struct staging *staging, const char *tree, const char *version, int log_fd,
		   const struct program_watch *watch, struct failure *f)
{
	auto_free char *base = staging_path(staging, tree);
	auto_free char *link = xasprintf("%s/lib", tree);
	const char *const argv[] = { "depmod", "-b", base, version, NULL };
	const char *const env[] = { "LC_ALL=C", NULL };
	struct program depmod = { .argv = argv, .env = env, .output = log_fd };
	int r = staging_link(staging, "usr/lib", link, f);

	if (r == 0)
		r = program_run(&depmod, watch, f);
	return r > 0 ? fail(f, EIO, NULL, "depmod for %s failed with status %d", version, r) : r;
}

int modules_stage(const struct staging *staging, const struct rootfs *root, const char *version,
		  int log_fd, const struct program_watch *watch, char ***ret, struct failure *f)
{
	struct stage stage = { .root = root, .version = version, .f = f };
	auto_strv char **modules = NULL;
	int r = copy_modules(&stage, staging);

	modules = stage.modules;
	if (r == 0)
		r = modules_depmod(staging, "all", version, log_fd, watch, f);
	if (r == 0)
		*ret = STEAL(modules);
	return r;
}
