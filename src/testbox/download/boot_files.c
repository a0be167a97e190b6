// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/download/boot_files.h"

#include "src/common/mem.h"
#include "src/common/url.h"
#include "src/testbox/download/boot_files_check.h"
#include "src/testbox/download/download_cache.h"
#include "src/testbox/download/download_room.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#define INITRD_ALIGN 4

/* Kernel and initrds, in this order; `fds` are of the items. */
struct list {
	struct download *items;
	int *fds;
	char **shown;
	size_t n;
};

static void list_begin(struct list *list, const struct boot_script *script)
{
	list->n = 1 + strv_len(script->initrds);
	list->items = xcalloc(list->n, sizeof(*list->items));
	list->fds = xcalloc(list->n, sizeof(*list->fds));
	for (size_t i = 0; i < list->n; i++) {
		list->items[i].url = i ? script->initrds[i - 1] : script->kernel;
		list->items[i].fd = boot_script_opened(script, list->items[i].url);
		list->fds[i] = -1;
		strv_add(&list->shown, url_shown(list->items[i].url));
	}
}

static void list_done(struct list *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->fds[i] >= 0)
			close(list->fds[i]);
	free(list->items);
	free(list->fds);
	strv_free(list->shown);
}

/* A file that is no initrd may be one tomorrow, while the server says that it has not changed. */
static void forget(const struct download_options *options, const char *url)
{
	auto_failure struct failure ignored = { 0 };
	auto_free char *path = url_file(url);
	struct download_cache cache;

	if (path || download_cache_open(&cache, options->cache, &ignored) < 0)
		return;
	download_cache_forget(&cache, url);
	download_cache_close(&cache);
}

static int check(const struct list *list, const char *args, const struct download_options *options,
		 const volatile sig_atomic_t *stop, struct line_image *ret_image, struct failure *f)
{
	size_t bad = 0;
	int r = boot_files_check_kernel(list->fds[0], list->shown[0], f);

	if (r == 0) {
		r = boot_files_check_initrds(list->fds + 1, list->shown + 1, list->n - 1, args,
					     options->rootfs, options->rootfs_fd, stop, &bad,
					     ret_image, f);
		bad++;
	}
	if (r < 0 && bad < list->n)
		forget(options, list->items[bad].url);
	return r;
}

/* The files have as much again beside the cache. */
static int check_room(int out, const int *fds, size_t n)
{
	uint64_t needs = 0;

	for (size_t i = 0; i < n; i++) {
		struct stat st;

		if (fstat(fds[i], &st) < 0)
			return -errno;
		needs += (uint64_t)st.st_size + INITRD_ALIGN;
	}
	return download_room_left(out) < needs ? -ENOSPC : 0;
}

/* Puts a file behind what is there, and zeros up to the next multiple. */
static int append(int out, int in, const volatile sig_atomic_t *stop)
{
	static const char zeros[INITRD_ALIGN];
	off_t from = 0, size;
	struct stat st;

	if (fstat(in, &st) < 0)
		return -errno;
	while (from < st.st_size) {
		ssize_t n = sendfile(out, in, &from, 64 << 20);

		if (stop && *stop)
			return -EINTR;
		if (n < 0 && errno != EINTR)
			return -errno;
		/* It was cut off meanwhile. */
		if (n == 0)
			return -EIO;
	}
	size = lseek(out, 0, SEEK_CUR);
	if (size % INITRD_ALIGN &&
	    write(out, zeros, (size_t)(INITRD_ALIGN - size % INITRD_ALIGN)) < 0)
		return -errno;
	return 0;
}

/* One file of several; `ret` is its path. */
static int write_file(const char *dir, const char *name, const int *fds, size_t n,
		      const volatile sig_atomic_t *stop, char **ret, struct failure *f)
{
	auto_free char *path = xasprintf("%s/%s", dir, name);
	auto_close int out =
		open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	int r = out < 0 ? -errno : check_room(out, fds, n);

	for (size_t i = 0; r == 0 && i < n; i++)
		r = append(out, fds[i], stop);
	if (r < 0 && out >= 0)
		unlink(path);
	if (r < 0)
		return fail_errno(f, -r, NULL, "cannot write %s", path);
	*ret = STEAL(path);
	return 0;
}

int boot_files_get(const struct boot_script *script, const char *dir,
		   const struct download_options *given, const volatile sig_atomic_t *stop,
		   struct boot_files *ret, struct failure *f)
{
	struct download_options options = *given;
	struct boot_files files = { 0 };
	struct list list = { 0 };
	int r;

	options.scheduler = script->from;
	list_begin(&list, script);
	r = download_all(list.items, list.n, &options, stop, f);
	for (size_t i = 0; r == 0 && i < list.n; i++)
		list.fds[i] = list.items[i].fd;
	if (r == 0)
		r = check(&list, script->args ? script->args : "", given, stop, &files.image, f);
	if (r == 0)
		r = write_file(dir, "kernel", list.fds, 1, stop, &files.kernel, f);
	if (r == 0 && list.n > 1)
		r = write_file(dir, "initrd", list.fds + 1, list.n - 1, stop, &files.initrd, f);
	list_done(&list);
	if (r < 0)
		boot_files_done(&files);
	else
		*ret = files;
	return r;
}

void boot_files_done(struct boot_files *files)
{
	if (files->kernel)
		unlink(files->kernel);
	if (files->initrd)
		unlink(files->initrd);
	free(files->kernel);
	free(files->initrd);
	*files = (struct boot_files){ 0 };
}
