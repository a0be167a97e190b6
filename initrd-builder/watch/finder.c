// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/watch/finder.h"

#include "initrd-builder/root/rootfs.h"
#include "src/common/folder.h"
#include "src/common/interrupt.h"
#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>

#define DEPTH_MAX 6
#define NAMES	  (IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ONLYDIR | IN_MASK_ADD)

/* Of a root; of its kernels' directories besides. A link among them is resolved inside the root. */
static const char *const of_root[] = { ".",	      "usr",  "usr/lib",     "lib",
				       "lib/modules", "boot", "lib/firmware" };

static void listen(struct finder *finder, int dir_fd, uint32_t mask, const char *root)
{
	auto_free char *link = xasprintf("/proc/self/fd/%d/.", dir_fd);
	int wd = inotify_add_watch(finder->inotify, link, mask);

	if (wd < 0) {
		finder->deaf = errno;
		return;
	}
	finder->list = xreallocarray(finder->list, finder->n + 1, sizeof(*finder->list));
	finder->list[finder->n++] = (struct heard){ .wd = wd, .root = root ? xstrdup(root) : NULL };
}

static void listen_in(struct finder *finder, const struct rootfs *root, const char *name,
		      uint32_t mask, const char *as)
{
	auto_close int fd = rootfs_openat(root, name, O_PATH | O_DIRECTORY);

	if (fd >= 0)
		listen(finder, fd, mask, as);
}

static void listen_kernels(struct finder *finder, const struct rootfs *root)
{
	int fd = rootfs_openat(root, "lib/modules", O_RDONLY | O_DIRECTORY);
	auto_dir DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		auto_free char *name = xasprintf("lib/modules/%s", entry->d_name);

		if (entry->d_name[0] != '.')
			listen_in(finder, root, name, NAMES | IN_CLOSE_WRITE, root->path);
	}
}

static bool has(const struct rootfs *root, const char *name)
{
	auto_close int fd = rootfs_openat(root, name, O_PATH | O_DIRECTORY);

	return fd >= 0;
}

static int walk(struct finder *finder, const struct rootfs *root, int depth, char ***roots,
		struct failure *f);

/* By descriptors: a link that takes a directory's place meanwhile leads nowhere. */
static int walk_into(struct finder *finder, const struct rootfs *above, int depth, char ***roots,
		     struct failure *f)
{
	int fd = openat(above->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;
	auto_dir DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir && depth == 0)
		return fail_errno(f, errno, NULL, "%s", above->path);
	for (struct dirent *entry; dir && r == 0 && !interrupted && (entry = readdir(dir));) {
		auto_free char *path = xasprintf("%s/%s", above->path, entry->d_name);
		auto_failure struct failure gone = { 0 };
		__attribute__((cleanup(rootfs_close))) struct rootfs root = { .fd = -1 };

		if (entry->d_name[0] != '.' &&
		    rootfs_open_below(above->fd, entry->d_name, path, &root, &gone) == 0)
			r = walk(finder, &root, depth + 1, roots, f);
	}
	return r;
}

/* Listens before it looks, so that nothing that comes in between is missed. */
static int walk(struct finder *finder, const struct rootfs *root, int depth, char ***roots,
		struct failure *f)
{
	bool is_root;

	listen(finder, root->fd, NAMES, NULL);
	is_root = has(root, "lib/modules");
	if (is_root && depth == 0)
		return fail(f, EINVAL, "name the directory that it is in",
			    "%s: is itself a root file system", root->path);
	if (!is_root && (depth == 0 || (!has(root, "usr") && !has(root, "etc"))))
		return depth < DEPTH_MAX ? walk_into(finder, root, depth, roots, f) : 0;
	for (size_t i = 0; i < ARRAY_SIZE(of_root); i++)
		listen_in(finder, root, of_root[i], NAMES, is_root ? root->path : NULL);
	if (is_root) {
		listen_kernels(finder, root);
		strv_add(roots, xstrdup(root->path));
	}
	return 0;
}

static int walk_all(struct finder *finder, char ***roots, struct failure *f)
{
	__attribute__((cleanup(rootfs_close))) struct rootfs top = {
		.fd = openat(finder->fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC),
		.path = xstrdup(finder->dir),
	};

	if (top.fd < 0)
		return fail_errno(f, errno, NULL, "%s", finder->dir);
	return walk(finder, &top, 0, roots, f);
}

int finder_open(struct finder *finder, struct failure *f)
{
	auto_close int fd = -1;
	struct stat now, before;
	bool other;
	int r = folder_open(finder->dir, &fd, f);

	if (r < 0)
		return r;
	if (fstat(fd, &now) < 0)
		return fail_errno(f, errno, NULL, "%s", finder->dir);
	other = finder->fd >= 0 && fstat(finder->fd, &before) == 0 &&
		(now.st_dev != before.st_dev || now.st_ino != before.st_ino);
	macro_close(&finder->fd);
	finder->fd = steal_fd(&fd);
	return other;
}

/* All but the directory. */
static void listen_no_more(struct finder *finder)
{
	macro_close(&finder->inotify);
	finder->inotify = -1;
	for (size_t i = 0; i < finder->n; i++)
		free(finder->list[i].root);
	free(finder->list);
	finder->list = NULL;
	finder->n = 0;
}

void finder_done(struct finder *finder)
{
	listen_no_more(finder);
	macro_close(&finder->fd);
	finder->fd = -1;
}

static void tell_of(const struct finder *finder, const struct inotify_event *event)
{
	if (event->mask & IN_IGNORED)
		return;
	/* One directory can have been met under several names. */
	for (size_t i = 0; i < finder->n; i++) {
		if ((event->mask & IN_Q_OVERFLOW) || finder->list[i].wd == event->wd)
			finder->touched(finder->arg, finder->list[i].root);
	}
}

void finder_hear(struct finder *finder)
{
	char buffer[16 * 1024] __attribute__((aligned(__alignof__(struct inotify_event))));
	ssize_t n;

	while (finder->inotify >= 0 && (n = read(finder->inotify, buffer, sizeof(buffer))) > 0) {
		const struct inotify_event *event;

		for (char *at = buffer; at < buffer + n; at += sizeof(*event) + event->len) {
			event = (const struct inotify_event *)at;
			tell_of(finder, event);
		}
	}
}

int finder_scan(struct finder *finder, char ***ret, struct failure *f)
{
	/* What is no more there is not listened to either: everything begins anew. */
	__attribute__((cleanup(listen_no_more))) struct finder next = *finder;
	struct finder last;
	auto_strv char **roots = NULL;
	int r;

	next.list = NULL;
	next.n = 0;
	next.deaf = 0;
	next.inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (next.inotify < 0)
		return fail_errno(f, errno, "raise fs.inotify.max_user_instances", "inotify");
	r = walk_all(&next, &roots, f);
	if (r < 0)
		return r;
	strv_sort(roots);
	last = *finder;
	*finder = next;
	next = last;
	finder_hear(&next);
	*ret = STEAL(roots);
	return 0;
}
