// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * `rootovl cache-fill`, in the booted system: makes the copy of the lower that the helper looked
 * for and did not find, or looks whether the one in use is still as it was made.
 */
#include "src/rootovl/disk/copy.h"

#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/common/program.h"
#include "src/rootovl/disk/disk_dirs.h"
#include "src/rootovl/disk/disk_room.h"
#include "src/rootovl/disk/lower_identity.h"
#include "src/rootovl/settings/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#define RUN_NOTE RUN_DIR "/" CACHE_DIR

struct filling {
	char *key, *id;
	int ours, cache, dir;	    /* DISK_OURS, CACHE_DIR in it, and the copy's directory there */
	struct cache_entry *others; /* the other copies, and parts of them */
	size_t n_others;
	bool cleaned; /* there are no uppers of earlier boots any more */
};

/* For everyone else the copies are read-only; here they are not. */
static int make_writable(struct failure *f)
{
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return fail_errno(f, errno, NULL, "a mount namespace");
	if (umount2(DISK_CACHE, MNT_DETACH) < 0 && errno != EINVAL)
		return fail_errno(f, errno, NULL, DISK_CACHE);
	return 0;
}

static int open_dirs(struct filling *filling, struct failure *f)
{
	filling->ours =
		open(RUN_DISK "/" DISK_OURS, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	filling->cache = filling->ours < 0 ? -errno : disk_dirs_enter(filling->ours, CACHE_DIR);
	filling->dir =
		filling->cache < 0 ? filling->cache : disk_dirs_enter(filling->cache, filling->id);
	return filling->dir < 0 ? fail_errno(f, -filling->dir, NULL, DISK_CACHE) : 0;
}

/* What a copy, or a part of one, takes of the disk. */
static struct tree_count room_of(int dir)
{
	struct cache_mark mark = { 0 };
	struct tree_count count = { 0 };
	bool whole = cache_mark_read(dir, &mark) == 0;

	if (!whole)
		(void)tree_measure(dir, &count);
	else
		count = mark.count;
	cache_mark_done(&mark);
	return count;
}

static void list_others(struct filling *filling)
{
	auto_dir DIR *list =
		fdopendir(openat(filling->cache, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	const struct dirent *entry;

	while (list && (entry = readdir(list))) {
		auto_close int dir =
			entry->d_name[0] == '.' || !strcmp(entry->d_name, filling->id)
				? -1
				: openat(filling->cache, entry->d_name,
					 O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		struct tree_count count;
		struct stat st;

		if (dir < 0 || fstat(dir, &st) < 0)
			continue;
		count = room_of(dir);
		filling->others = xreallocarray(filling->others, filling->n_others + 1,
						sizeof(*filling->others));
		filling->others[filling->n_others++] = (struct cache_entry){
			.id = xstrdup(entry->d_name),
			.used = st.st_mtim.tv_sec,
			.room = count.room,
			.objects = count.entries,
		};
	}
}

static void remove_old(const char *path)
{
	const char *argv[] = { "rm", "-rf", "--one-file-system", "--", path, NULL };
	const struct program rm = { .argv = argv, .output = -1, .errors = -1 };
	auto_failure struct failure ignored = { 0 };

	(void)program_run(&rm, NULL, &ignored);
}

/* Nobody finds it any more, whatever becomes of the removing: the rest is rootovl-clean's. */
static int remove_aside(struct filling *filling, int dir, const char *name)
{
	auto_free char *aside = NULL, *path = NULL;
	int r = disk_dirs_set_aside(filling->ours, dir, name, &aside);

	if (r < 0 || !aside)
		return r;
	path = xasprintf(RUN_DISK "/" DISK_OLD "/%s", aside);
	remove_old(path);
	return 0;
}

static int evict(struct filling *filling, size_t which, uint64_t free_before, struct failure *f)
{
	struct cache_entry *entry = &filling->others[which];
	int r = remove_aside(filling, filling->cache, entry->id);
	struct statvfs vfs;

	if (r == 0)
		r = disk_room_wait(filling->cache, free_before + entry->room / 4 * 3, 0, &vfs);
	if (r < 0)
		return fail_errno(f, -r, NULL, DISK_CACHE "/%s", entry->id);
	log_line(LOG_NOTICE, "removed the copy %s, unused for longest, of %" PRIu64 " MiB",
		 entry->id, entry->room >> 20);
	free(entry->id);
	*entry = filling->others[--filling->n_others];
	return 0;
}

/* tree_room: sees that there is room for one object more. */
static int make_room(void *arg, const struct tree_count *so_far, uint64_t more, struct failure *f)
{
	struct filling *filling = arg;

	for (;;) {
		struct cache_disk disk;
		struct statvfs vfs;
		int which, r;

		if (fstatvfs(filling->dir, &vfs) < 0)
			return fail_errno(f, errno, NULL, RUN_DISK);
		disk = (struct cache_disk){
			.size = (uint64_t)vfs.f_blocks * vfs.f_frsize,
			.available = (uint64_t)vfs.f_bavail * vfs.f_frsize,
			.inodes = vfs.f_files,
			.inodes_free = vfs.f_favail,
		};
		which = cache_evict(filling->others, filling->n_others, so_far->room, more, &disk);
		if (which == CACHE_FITS)
			return 0;
		/* rootovl-clean may have begun with it; whoever comes later has less to do. */
		if (!filling->cleaned) {
			filling->cleaned = true;
			if (access(RUN_DISK "/" DISK_OLD, F_OK) == 0) {
				remove_old(RUN_DISK "/" DISK_OLD);
				(void)disk_room_wait(filling->cache, more + disk.size / 10,
						     disk.inodes / 10, &vfs);
			}
			continue;
		}
		if (which == CACHE_LARGER)
			return fail(f, EFBIG, "a larger rootovl.size=",
				    "it takes more than half of the disk's %" PRIu64 " MiB",
				    disk.size >> 20);
		if (which == CACHE_FULL)
			return fail(f, ENOSPC, "the next boot goes on",
				    "less than a tenth of the disk is free%s",
				    disk.inodes_free < disk.inodes / 10 ? ", of its inodes" : "");
		r = evict(filling, (size_t)which, disk.available, f);
		if (r < 0)
			return r;
	}
}

/* For cache_find.c: not to be tried again on a disk of this size. */
static void note_too_large(struct filling *filling)
{
	struct statvfs vfs;
	auto_free char *text = NULL;

	if (fstatvfs(filling->dir, &vfs) < 0)
		return;
	text = xasprintf("%" PRIu64 "\n", (uint64_t)vfs.f_blocks * vfs.f_frsize);
	(void)file_write(filling->dir, CACHE_LARGE, text, 0600);
}

/* Without its mark a copy is a part. */
static int take_mark_away(int dir)
{
	if (unlinkat(dir, CACHE_MADE, 0) < 0 && errno != ENOENT)
		return -errno;
	return fsync(dir) < 0 ? -errno : 0;
}

/* Opens the copy to be made; a part of another state of the lower is no part of this one. */
static int open_part(struct filling *filling, const char *of)
{
	auto_free char *then = NULL;
	int r = take_mark_away(filling->dir);

	/* Those of another copy are none of this one's. */
	unlinkat(filling->dir, CACHE_TRIES, 0);
	/* There may be one: the service can be started twice in a boot. */
	if (r < 0)
		return r;
	r = file_read(filling->dir, CACHE_OF, CACHE_IDENTITY_MAX, &then);
	if (r < 0 || strcmp(then, of) != 0) {
		r = remove_aside(filling, filling->dir, CACHE_ROOT);
		if (r == 0)
			r = file_write(filling->dir, CACHE_OF, of, 0600);
	}
	return r < 0 ? r : disk_dirs_enter(filling->dir, CACHE_ROOT);
}

/* Is what was made what was there, and was that the same all the time? */
static int check_made(struct filling *filling, int lower, int root, const struct cache_mark *mark,
		      struct failure *f)
{
	auto_free char *now = lower_identity(filling->key, lower);
	struct tree_count is;
	int r = now ? 0 : -errno;

	if (r < 0)
		return fail_errno(f, -r, NULL, RUN_LOWER);
	r = tree_measure(root, &is);
	if (r < 0)
		return fail_errno(f, -r, NULL, "looking at the copy");
	if (strcmp(now, mark->of) != 0)
		return fail(f, ESTALE, "the next boot begins anew",
			    "the root was changed while it was copied");
	if (is.entries != mark->count.entries || is.bytes != mark->count.bytes)
		return fail(f, EUCLEAN, "the next boot begins anew",
			    "%" PRIu64 " objects of %" PRIu64 " bytes became %" PRIu64
			    " of %" PRIu64,
			    mark->count.entries, mark->count.bytes, is.entries, is.bytes);
	return 0;
}

static int fill(struct filling *filling, struct cache_mark *mark, struct failure *f)
{
	auto_close int lower = open(RUN_LOWER, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_close int root = -1;
	int r;

	if (lower < 0)
		return fail_errno(f, errno, NULL, RUN_LOWER);
	mark->of = lower_identity(filling->key, lower);
	if (!mark->of)
		return fail_errno(f, errno, NULL, RUN_LOWER);
	root = open_part(filling, mark->of);
	if (root < 0)
		return fail_errno(f, -root, NULL, DISK_CACHE "/%s", filling->id);
	(void)futimens(filling->dir, NULL);
	list_others(filling);
	r = tree_copy(lower, root, make_room, filling, &mark->count, f);
	if (r == 0)
		r = check_made(filling, lower, root, mark, f);
	if (r == 0) {
		r = cache_mark_write(filling->dir, mark);
		if (r < 0)
			fail_errno(f, -r, "the kernel's log", "the disk");
	}
	/* What the next boot cannot go on from. */
	if (r == -EFBIG || r == -ESTALE || r == -EUCLEAN || r == -EISDIR || r == -ENOTDIR ||
	    r == -ELOOP)
		(void)remove_aside(filling, filling->dir, CACHE_ROOT);
	if (r == -EFBIG)
		note_too_large(filling);
	return r;
}

/* The copy that this machine runs on: without its mark it is not used again, but made anew. */
static int look(struct filling *filling, struct failure *f)
{
	auto_close int root =
		openat(filling->dir, CACHE_ROOT, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct cache_mark mark = { 0 };
	struct tree_count is = { 0 };
	int r = cache_mark_read(filling->dir, &mark);

	/* The machine came up on it. */
	unlinkat(filling->dir, CACHE_TRIES, 0);
	(void)fsync(filling->dir);
	if (r == 0)
		r = root < 0 ? -errno : tree_measure(root, &is);
	if (r < 0 || is.entries != mark.count.entries || is.bytes != mark.count.bytes) {
		(void)take_mark_away(filling->dir);
		r = fail(f, EUCLEAN, "the next boot runs on the server's root",
			 "it is not what it was when it was made");
	}
	cache_mark_done(&mark);
	return r;
}

static int work(struct filling *filling, bool used, struct failure *f)
{
	struct cache_mark mark = { 0 };
	int r = make_writable(f);

	if (r == 0)
		r = open_dirs(filling, f);
	if (r == 0 && used)
		r = look(filling, f);
	else if (r == 0)
		r = fill(filling, &mark, f);
	if (r == 0 && !used)
		log_line(LOG_NOTICE,
			 "the copy of %s is whole: %" PRIu64 " objects, %" PRIu64
			 " MiB; the next boot runs on it",
			 filling->key, mark.count.entries, mark.count.bytes >> 20);
	if (r == 0 && mark.count.refused)
		log_line(LOG_NOTICE,
			 "%" PRIu64 " files with a colon in their names are not in it: the server "
			 "lists them, and does not give them",
			 mark.count.refused);
	cache_mark_done(&mark);
	return r;
}

static void filling_done(struct filling *filling)
{
	for (size_t i = 0; i < filling->n_others; i++)
		free(filling->others[i].id);
	free(filling->others);
	free(filling->key);
	free(filling->id);
	if (filling->dir >= 0)
		close(filling->dir);
	if (filling->cache >= 0)
		close(filling->cache);
	if (filling->ours >= 0)
		close(filling->ours);
}

static int run(const struct command_line *line)
{
	struct filling filling = { .ours = -1, .cache = -1, .dir = -1 };
	auto_failure struct failure f = { 0 };
	auto_free char *note = NULL;
	auto_strv char **lines = NULL;
	int r;

	(void)line;
	r = file_read(AT_FDCWD, RUN_NOTE, CACHE_IDENTITY_MAX, &note);
	lines = r < 0 ? NULL : strv_split(note, "\n");
	if (strv_len(lines) != 2) {
		fail(&f, ENOENT, NULL, "cache-fill: this boot left nothing to be copied");
		return command_failed(&f);
	}
	filling.key = xstrdup(lines[0]);
	filling.id = cache_id(filling.key);
	r = work(&filling, !strcmp(lines[1], "used"), &f);
	if (r < 0) {
		auto_free char *text = log_failure_text(&f);

		log_line(LOG_WARNING, "no copy of %s: %s", filling.key, text);
	}
	filling_done(&filling);
	return r < 0 ? 1 : 0;
}

const struct command command_cache_fill = {
	.name = "cache-fill",
	.meaning = "for rootovl-cache.service: copy the root to the disk of the upper",
	.synopsis = "",
	.about = "For rootovl-cache.service alone: copies the root to the disk of the upper.",
	.exits = "Exit status: 0 the copy is whole, 1 it is not, 2 wrong usage.",
	.run = run,
};
