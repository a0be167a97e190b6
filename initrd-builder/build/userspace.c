// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/build/userspace.h"

#include "initrd-builder/base/progress.h"
#include "initrd-builder/build/interpreter.h"
#include "initrd-builder/build/lock.h"
#include "initrd-builder/read/image_notes.h"
#include "initrd-builder/root/arch.h"
#include "initrd-builder/write/compress.h"
#include "initrd-builder/write/cpio_list.h"
#include "initrd-builder/write/output.h"
#include "src/common/files.h"
#include "src/common/interrupt.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/common/program.h"
#include "src/rootovl/settings/own_files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define KEEP_SEC (90 * 24 * 3600)
#define STAYS	 "libcrypto stays: " /* libcrypto-stub.sh made no stub */

/* What every boot needs. dracut leaves a module out whose needs are not met, says so among much
 * else, and calls it a success. */
static const char *const needed[] = {
	"etc/initrd-release",
	"init",
	"usr/bin/rootovl",
	"usr/lib/rootovl/defer.conf",
	"usr/lib/rootovl/payload.conf",
	"usr/lib/rootovl/rootovl-report",
	"usr/lib/systemd/systemd-networkd",
};

/* And what the long way needs. */
static const char *const needed_long[] = {
	"usr/lib/systemd/systemd",
	"usr/lib/systemd/system/initrd-switch-root.service",
	"usr/lib/systemd/system/rootovl.service",
};

/* And what was asked for. */
static const char *const needed_with[FEATURE_COUNT] = {
	[FEATURE_DISKS] = "usr/sbin/lvm",
	[FEATURE_LIVE] = "usr/lib/rootovl/rootovl-fetch",
	[FEATURE_VERITY] = "usr/lib/rootovl/rootovl-verity",
};

/* dracut's own notes, and libraries that it finds twice. */
static const char *const dropped[] = {
	"usr/lib/dracut", "lib/dracut", "var/lib/dracut", "usr/lib32",
	"lib32",	  "usr/libx32", "libx32",	  "var/cache",
};

/* What the script takes from this machine, where no container has it. */
static int stage_files(const struct staging *staging, const struct parts *parts, struct failure *f)
{
	static const struct {
		enum part part;
		const char *name;
	} files[] = {
		{ PART_HELPER, "files/rootovl" },	{ PART_REPORT, "files/rootovl-report" },
		{ PART_FETCH, "files/rootovl-fetch" },	{ PART_VERITY, "files/rootovl-verity" },
		{ PART_PAYLOAD, "files/payload.conf" }, { PART_DEFER, "files/defer.conf" },
		{ PART_PROFILE, "files/lean.conf" },
	};
	int r = staging_make_dir(staging, "files/modules.d", f);

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(files); i++)
		r = staging_copy(staging, parts->path[files[i].part], files[i].name, f);
	for (int i = 0; r == 0 && i <= PART_LAST_MODULE; i++) {
		const char *path = parts->path[i];
		auto_free char *link = xasprintf("files/modules.d%s", strrchr(path, '/'));

		r = staging_link(staging, path, link, f);
	}
	return r;
}

static int run(const struct userspace *userspace, const char *const *words, const char *name,
	       const char *const *env, int output, int log_fd, const struct program_watch *watch,
	       struct failure *f)
{
	const struct container *container = userspace->container;
	const struct engine_values values = {
		.image = container->image,
		.arch = container->arch,
		.name = name,
		.script = userspace->parts->path[PART_USERSPACE],
	};
	auto_strv char **command = engine_command(container->engine, words, &values);
	struct program program = { .env = env, .output = output, .errors = log_fd };
	bool script = words == container->engine->run;

	for (enum feature i = 0; script && i < FEATURE_COUNT; i++) {
		if (features_has(userspace->with, i) && features_is_userspace(i))
			strv_add(&command, xstrdup(features_word(i)));
	}
	program.argv = (const char *const *)command;
	return program_run(&program, watch, f);
}

/* A container of another architecture fails, too, where nothing runs its programs. */
static int tell_status(const struct container *container, int status, struct failure *f)
{
	int r = 0;

	if (strcmp(container->arch, arch_own()) != 0)
		r = interpreter_check(BINFMT_MISC, container->arch, f);
	return r < 0 ? r
		     : fail(f, EIO, NULL, "engine %s: dracut failed with status %d",
			    container->engine->name, status);
}

/* Runs dracut; its archive becomes the file `path`. */
static int run_engine(const struct userspace *userspace, const struct staging *staging,
		      const char *path, int log_fd, const struct program_watch *watch,
		      struct failure *f)
{
	const struct engine *engine = userspace->container->engine;
	auto_close int output = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	auto_free char *files = xasprintf("ROOTOVL_FILES=%s/files", staging->path);
	auto_free char *modules = xasprintf("ROOTOVL_MODULES=%s/files/modules.d", staging->path);
	auto_free char *tmp = xasprintf("TMPDIR=%s", staging->path);
	auto_free char *name = xasprintf("rootovl-%s", strrchr(staging->path, '.') + 1);
	const char *const env[] = { files, modules, tmp, NULL };
	const char *const *our_env = userspace->container->id ? NULL : env;
	auto_failure struct failure ignored = { 0 };
	int r = 0;

	if (output < 0)
		return fail_errno(f, errno, NULL, "%s", path);
	if (engine->before)
		r = run(userspace, engine->before, name, our_env, log_fd, log_fd, watch, f);
	if (r == 0)
		r = run(userspace, engine->run, name, our_env, output, log_fd, watch, f);
	if (engine->after)
		run(userspace, engine->after, name, our_env, log_fd, log_fd, NULL, &ignored);
	return r > 0 ? tell_status(userspace->container, r, f) : r;
}

static int check_has(const struct cpio_list *list, const char *path, struct failure *f)
{
	return cpio_list_find(list, path)
		       ? 0
		       : fail(f, ENOENT, NULL, "the userspace: %s is not in it", path);
}

static int check_all(const struct cpio_list *list, features with, struct failure *f)
{
	bool is_long = !features_has(with, FEATURE_SHORT);
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(needed); i++)
		r = check_has(list, needed[i], f);
	for (size_t i = 0; r == 0 && is_long && i < ARRAY_SIZE(needed_long); i++)
		r = check_has(list, needed_long[i], f);
	for (enum feature i = 0; r == 0 && i < FEATURE_COUNT; i++) {
		if (features_has(with, i) && needed_with[i])
			r = check_has(list, needed_with[i], f);
	}
	return r;
}

/* Why the image is larger than it might be. */
static void tell_notes(const struct cpio_list *list)
{
	const struct cpio_item *notes = cpio_list_find(list, USERSPACE_NOTES);
	auto_strv char **lines = notes && notes->data ? strv_split(notes->data, "\n") : NULL;

	for (char **line = lines; line && *line; line++) {
		if (strncmp(*line, STAYS, strlen(STAYS)) != 0)
			continue;
		progress_clear();
		log_line(LOG_NOTICE, "initrd-builder: note: %s", *line);
	}
}

/* The boot tells by it what a later initrd replaced. */
static void add_own_files(struct cpio_list *list)
{
	char *text = xstrdup("");

	for (size_t i = 0; i < list->n; i++) {
		const struct cpio_item *item = &list->items[i];
		struct own_file file = { item->size, OWN_FILES_SUM, item->path };
		auto_free char *line = NULL;

		if (!item->data || !own_files_has(item->path))
			continue;
		file.sum = own_files_sum(file.sum, item->data, item->size);
		line = own_files_line(&file);
		set_text(&text, xasprintf("%s%s", text, line));
	}
	cpio_list_drop(list, OWN_FILES);
	cpio_list_add_text(list, OWN_FILES, text);
}

/* Makes of dracut's archive one that depends on nothing but its contents. */
static int tidy(const char *from, const char *to, features with, struct failure *f)
{
	auto_cpio_list struct cpio_list list = { 0 };
	auto_close int fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int r = fd < 0 ? fail_errno(f, errno, NULL, "%s", to)
		       : cpio_list_add_archive(&list, from, f);

	if (r < 0)
		return r;
	r = check_all(&list, with, f);
	if (r < 0)
		return r;
	tell_notes(&list);
	for (size_t i = 0; i < ARRAY_SIZE(dropped); i++)
		cpio_list_drop(&list, dropped[i]);
	add_own_files(&list);
	return cpio_list_write(&list, fd, f);
}

/* All but the last: it is being compressed when this returns. */
static int make(const struct userspace *userspace, const struct staging *staging, int log_fd,
		const struct program_watch *watch, struct userspace_work *work, struct failure *f)
{
	auto_free char *raw = staging_path(staging, "dracut.cpio");
	auto_free char *tidied = staging_path(staging, "userspace.cpio");
	int r = stage_files(staging, userspace->parts, f);

	if (r == 0)
		r = run_engine(userspace, staging, raw, log_fd, watch, f);
	if (r == 0)
		r = tidy(raw, tidied, userspace->with, f);
	if (r < 0)
		return r;
	work->compress = compress_start(work->compression, COMPRESS_SMALL, tidied, work->output.fd,
					work->output.path, f);
	return work->compress ? 0 : -f->code;
}

/* Old ones that nobody asked for in a season. Every use sets the time. */
static void clean(int dir_fd)
{
	int again = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_dir DIR *dir = again < 0 ? NULL : fdopendir(again);
	struct stat st;

	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		const char *name = entry->d_name;

		if (strncmp(name, "userspace-", 10) == 0 &&
		    fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    st.st_mtime < time(NULL) - KEEP_SEC)
			unlinkat(dir_fd, name, 0);
	}
}

static int open_cached(int dir_fd, const char *name)
{
	int fd = openat(dir_fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd >= 0)
		futimens(fd, NULL);
	return fd < 0 ? -errno : fd;
}

/* Under the lock of the cache: perhaps another one has made it meanwhile. */
static int begin_making(const struct userspace *userspace, const char *name,
			const struct staging *staging, int log_fd, struct userspace_work *work,
			struct failure *f)
{
	struct program_watch watch = { &interrupted, progress_tick, &work->step };
	int r;

	work->fd = open_cached(work->dir_fd, name);
	if (work->fd >= 0) {
		lock_release(&work->lock);
		return 0;
	}
	progress_begin(&work->step, "userspace");
	progress_tick(&work->step);
	clean(work->dir_fd);
	output_clean(work->dir_fd, "userspace-");
	r = output_open(work->dir_fd, userspace->cache, name, &work->output, f);
	return r < 0 ? r : make(userspace, staging, log_fd, &watch, work, f);
}

int userspace_begin(const struct userspace *userspace, const struct compression *compression,
		    const char *key, const struct staging *staging, int log_fd,
		    struct userspace_work *work, struct failure *f)
{
	auto_free char *name = xasprintf("userspace-%s", key);
	int r = file_make_dirs(userspace->cache);

	*work = USERSPACE_NONE;
	work->compression = compression;
	work->engine = userspace->container->engine->name;
	if (r == 0) {
		work->dir_fd = open(userspace->cache, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		r = work->dir_fd < 0 ? -errno : 0;
	}
	if (r < 0)
		return fail_errno(f, -r, "--cache DIR names another place", "%s", userspace->cache);
	work->fd = open_cached(work->dir_fd, name);
	if (work->fd >= 0)
		return 0;
	r = lock_take(work->dir_fd, userspace->cache, progress_waits, &work->lock, f);
	return r < 0 ? r : begin_making(userspace, name, staging, log_fd, work, f);
}

int userspace_end(struct userspace_work *work, struct failure *f)
{
	off_t size;
	int r;

	if (work->fd >= 0)
		return work->fd;
	r = compress_wait(work->compress, progress_tick, &work->step, f);
	if (r == 0)
		r = output_commit(&work->output, &size, f);
	if (r < 0)
		return r;
	progress_end(&work->step, "engine %s, %s, %s", work->engine, progress_size(size),
		     work->compression->name);
	work->fd = open_cached(work->dir_fd, work->output.name);
	return work->fd < 0 ? fail_errno(f, -work->fd, NULL, "%s", work->output.path) : work->fd;
}

void userspace_done(struct userspace_work *work)
{
	compress_free(work->compress);
	output_done(&work->output);
	lock_release(&work->lock);
	macro_close(&work->fd);
	macro_close(&work->dir_fd);
	*work = USERSPACE_NONE;
}
