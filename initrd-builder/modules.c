// SPDX-License-Identifier: GPL-2.0-or-later
#include "modules.h"

#include "common/files.h"
#include "common/mem.h"
#include "interrupt.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define DEPTH_MAX    16
#define BATCH	     500 /* modules for one modinfo */
#define FIRMWARE_MAX (16 * 1024 * 1024)

struct stage {
	const struct staging *staging;
	const struct rootfs *root;
	const char *version;
	char **modules; /* the paths of the copies */
	struct failure *f;
};

char *modules_path(const struct staging *staging, const char *version)
{
	return xasprintf("%s/lib/modules/%s", staging->path, version);
}

static bool is_module(const char *name)
{
	static const char *const ends[] = { ".ko", ".ko.xz", ".ko.zst", ".ko.gz" };
	size_t len = strlen(name);

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		size_t end = strlen(ends[i]);

		if (len > end && strcmp(name + len - end, ends[i]) == 0)
			return true;
	}
	return false;
}

/* What `make modules_install` puts beside the modules, for depmod. */
static bool is_list(const char *name)
{
	return strcmp(name, "modules.order") == 0 || strcmp(name, "modules.builtin") == 0 ||
	       strcmp(name, "modules.builtin.modinfo") == 0;
}

/* Links to the sources and copies of what boots it. */
static bool is_unwanted(const char *name)
{
	return strcmp(name, "build") == 0 || strcmp(name, "source") == 0 ||
	       strcmp(name, "vdso") == 0;
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
		strv_add(&stage->modules, xasprintf("%s/%s", stage->staging->path, path));
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
	int again = openat(from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_dir DIR *dir = again < 0 ? NULL : fdopendir(again);
	int r = 0;

	if (!dir)
		return fail_errno(stage->f, errno, NULL, "%s: %s", stage->root->path, path);
	for (struct dirent *entry; r == 0 && (entry = readdir(dir));) {
		const char *name = entry->d_name;
		auto_free char *below = xasprintf("%s/%s", path, name);

		if (interrupted)
			return fail(stage->f, EINTR, NULL, "interrupted");
		if (*name != '.' && (depth > 0 || !is_unwanted(name)))
			r = copy_object(stage, from, to, below, name, depth);
	}
	return r;
}

/* lib is a link as in a merged-usr root: which of the two depmod goes by depends on its build. */
static int copy_modules(struct stage *stage)
{
	auto_free char *path = xasprintf("lib/modules/%s", stage->version);
	auto_free char *place = modules_path(stage->staging, stage->version);
	auto_close int from = rootfs_openat(stage->root, path, O_RDONLY | O_DIRECTORY);
	auto_close int to = -1;
	int r;

	if (from < 0)
		return fail_errno(stage->f, -from, NULL, "%s: %s", stage->root->path, path);
	r = staging_make_dir(stage->staging, "usr/lib/firmware/updates", stage->f);
	if (r == 0)
		r = staging_link(stage->staging, "usr/lib", "lib", stage->f);
	if (r == 0)
		r = staging_make_dir(stage->staging, path, stage->f);
	if (r < 0)
		return r;
	to = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (to < 0)
		return fail_errno(stage->f, errno, NULL, "%s", place);
	return copy_dir(stage, from, to, path, 0);
}

static int run_depmod(struct stage *stage, int log_fd, const struct program_watch *watch)
{
	const char *const argv[] = { "depmod", "-b", stage->staging->path, stage->version, NULL };
	const char *const env[] = { "LC_ALL=C", NULL };
	struct program depmod = { .argv = argv, .env = env, .output = log_fd };
	int r = program_run(&depmod, watch, stage->f);

	return r > 0 ? fail(stage->f, EIO, NULL, "depmod for %s failed with status %d",
			    stage->version, r)
		     : r;
}

bool firmware_is_inside(const char *name)
{
	/* dracut-install takes it for a pattern of glob(7), in which \.. is .. as well. */
	return *name != '.' && *name != '/' && !strstr(name, "/.") && !strchr(name, '\\');
}

static int copy_firmware(struct stage *stage, const char *dir, const char *name, const char *end)
{
	auto_free char *path = xasprintf("%s/%s%s", dir, name, end);
	auto_close int from = rootfs_open_within(stage->root, path, "lib/firmware");
	auto_free char *place = staging_path(stage->staging, path);
	auto_free char *parent = xstrdup(path);
	auto_close int to = -1;
	int r;

	if (from < 0)
		return 0;
	*strrchr(parent, '/') = '\0';
	r = staging_make_dir(stage->staging, parent, stage->f);
	if (r < 0)
		return r;
	to = open(place, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	r = to < 0 ? -errno : staging_copy_fd(from, to);
	return r < 0 ? fail_errno(stage->f, -r, NULL, "copying %s", path) : 0;
}

/* One that a module asks for: refused, or copied where that module is one for the image. */
static int take_firmware(struct stage *stage, const char *name, bool copy)
{
	static const char *const dirs[] = { "lib/firmware/updates", "lib/firmware" };
	static const char *const ends[] = { "", ".xz", ".zst" };
	int r = 0;

	if (!firmware_is_inside(name))
		return fail(stage->f, EINVAL, "remove the module",
			    "%s: a module of %s asks for the firmware %s", stage->root->path,
			    stage->version, name);
	for (size_t i = 0; copy && r == 0 && i < ARRAY_SIZE(dirs) * ARRAY_SIZE(ends); i++)
		r = copy_firmware(stage, dirs[i / ARRAY_SIZE(ends)], name,
				  ends[i % ARRAY_SIZE(ends)]);
	return r;
}

/* Wired network cards, USB, and what came beside the kernel: of the rest the image has little. */
static bool is_for_image(const struct stage *stage, const char *path)
{
	auto_free char *top = modules_path(stage->staging, stage->version);
	const char *name = path + strlen(top) + 1;

	if (strncmp(name, "kernel/", 7) != 0)
		return true;
	return (strncmp(name, "kernel/drivers/net/", 19) == 0 &&
		strncmp(name, "kernel/drivers/net/wireless/", 28) != 0) ||
	       strncmp(name, "kernel/drivers/usb/", 19) == 0;
}

static int ask_modinfo(struct stage *stage, char **modules, size_t n, char ***ret)
{
	auto_free char *path = staging_path(stage->staging, "firmware");
	auto_close int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	const char *const env[] = { "LC_ALL=C", NULL };
	const char *argv[BATCH + 4] = { "modinfo", "-F", "firmware" };
	struct program modinfo = { .argv = argv, .env = env, .output = fd };
	struct program_watch watch = { .stop = &interrupted };
	auto_free char *text = NULL;
	int status, r;

	if (fd < 0)
		return fail_errno(stage->f, errno, NULL, "%s", path);
	for (size_t i = 0; i < n; i++)
		argv[3 + i] = modules[i];
	status = program_run(&modinfo, &watch, stage->f);
	if (status < 0)
		return status;
	r = file_read(AT_FDCWD, path, FIRMWARE_MAX, &text);
	if (r < 0)
		return fail_errno(stage->f, -r, NULL, "the firmware of the modules of %s",
				  stage->version);
	*ret = strv_split(text, "\n");
	/* What modinfo cannot read, dracut leaves out or takes without what it depends on. */
	if (status > 0)
		return fail(stage->f, EINVAL, "can this machine's kmod unpack it?", "%s",
			    *ret ? (*ret)[strv_len(*ret) - 1] : "modinfo failed");
	return 0;
}

static int stage_firmware_of(struct stage *stage, char **modules, bool copy)
{
	size_t left = strv_len(modules);
	int r = 0;

	while (r == 0 && left) {
		size_t n = left < BATCH ? left : BATCH;
		auto_strv char **names = NULL;

		r = ask_modinfo(stage, modules, n, &names);
		for (char **name = names; r == 0 && name && *name; name++)
			r = take_firmware(stage, *name, copy);
		modules += n;
		left -= n;
	}
	return r;
}

/* What is built in asks for firmware by strings like "tg3.firmware=tigon/tg3.bin". */
static int check_builtin(struct stage *stage)
{
	static const char key[] = ".firmware=";
	auto_free char *path = xasprintf("%s/lib/modules/%s/modules.builtin.modinfo",
					 stage->staging->path, stage->version);
	auto_fclose FILE *file = fopen(path, "re");
	auto_free char *text = NULL;
	size_t room = 0;
	int r = 0;

	while (r == 0 && file && getdelim(&text, &room, '\0', file) > 0) {
		const char *at = strstr(text, key);

		if (at)
			r = take_firmware(stage, at + strlen(key), true);
	}
	return r;
}

static int stage_firmware(struct stage *stage)
{
	char **lists[2] = { NULL, NULL }; /* the rest; those for the image */
	int r = check_builtin(stage);

	for (char **module = stage->modules; module && *module; module++)
		strv_add(&lists[is_for_image(stage, *module)], xstrdup(*module));
	for (int copy = 0; r == 0 && copy < 2; copy++)
		r = stage_firmware_of(stage, lists[copy], copy);
	strv_free(lists[0]);
	strv_free(lists[1]);
	return r;
}

int modules_stage(const struct staging *staging, const struct rootfs *root, const char *version,
		  int log_fd, const struct program_watch *watch, struct failure *f)
{
	struct stage stage = { .staging = staging, .root = root, .version = version, .f = f };
	int r = copy_modules(&stage);

	if (r == 0)
		r = run_depmod(&stage, log_fd, watch);
	if (r == 0)
		r = stage_firmware(&stage);
	strv_free(stage.modules);
	return r;
}
