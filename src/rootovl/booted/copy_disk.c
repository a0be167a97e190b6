// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/booted/copy_disk.h"

#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/common/program.h"
#include "src/rootovl/disk/copy_state.h"
#include "src/rootovl/disk/disk_dirs.h"
#include "src/rootovl/disk/disk_room.h"
#include "src/rootovl/settings/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

/*
 * Makes the copies writable in this process's own mount namespace; elsewhere they stay read-only.
 */
static int make_writable(struct failure *f)
{
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return fail_errno(f, errno, NULL, "a mount namespace");
	if (umount2(DISK_CACHE, MNT_DETACH) < 0 && errno != EINVAL)
		return fail_errno(f, errno, NULL, DISK_CACHE);
	return 0;
}

int copy_disk_open(struct copy_disk *disk, const char *id, struct failure *f)
{
	int r = make_writable(f);

	*disk = (struct copy_disk){ .id = id, .ours = -1, .cache = -1, .dir = -1 };
	if (r < 0)
		return r;
	disk->ours = open(RUN_DISK "/" DISK_OURS, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	disk->cache = disk->ours < 0 ? -errno : disk_dirs_enter(disk->ours, CACHE_DIR);
	disk->dir = disk->cache < 0 ? disk->cache : disk_dirs_enter(disk->cache, id);
	return disk->dir < 0 ? fail_errno(f, -disk->dir, NULL, DISK_CACHE) : 0;
}

void copy_disk_close(struct copy_disk *disk)
{
	for (size_t i = 0; i < disk->n_others; i++)
		free(disk->others[i].id);
	free(disk->others);
	if (disk->dir >= 0)
		close(disk->dir);
	if (disk->cache >= 0)
		close(disk->cache);
	if (disk->ours >= 0)
		close(disk->ours);
}

/* Measures how much of the disk a copy takes, complete or not. */
static struct tree_count room_of(int dir)
{
	auto_copy_state struct copy_state state = { 0 };
	struct tree_count count = { 0 };

	if (copy_state_read(dir, &state) == 0 && state.kind == COPY_WHOLE)
		return (struct tree_count){ .entries = state.entries, .room = state.room };
	(void)tree_measure(dir, &count);
	return count;
}

void copy_disk_list(struct copy_disk *disk)
{
	auto_dir DIR *list =
		fdopendir(openat(disk->cache, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	const struct dirent *entry;

	while (list && (entry = readdir(list))) {
		auto_close int dir =
			entry->d_name[0] == '.' || !strcmp(entry->d_name, disk->id)
				? -1
				: openat(disk->cache, entry->d_name,
					 O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		struct tree_count count;
		struct stat st;

		if (dir < 0 || fstat(dir, &st) < 0)
			continue;
		count = room_of(dir);
		disk->others =
			xreallocarray(disk->others, disk->n_others + 1, sizeof(*disk->others));
		disk->others[disk->n_others++] = (struct copy_entry){
			.id = xstrdup(entry->d_name),
			.used = st.st_mtim.tv_sec,
			.room = count.room,
			.objects = count.entries,
		};
	}
}

static void remove_path(const char *path)
{
	const char *argv[] = { "rm", "-rf", "--one-file-system", "--", path, NULL };
	const struct program rm = { .argv = argv, .output = -1, .errors = -1 };
	auto_failure struct failure ignored = { 0 };

	(void)program_run(&rm, NULL, &ignored);
}

int copy_disk_remove(struct copy_disk *disk, int dir, const char *name)
{
	auto_free char *aside = NULL, *path = NULL;
	int r = disk_dirs_set_aside(disk->ours, dir, name, &aside);

	if (r < 0 || !aside)
		return r;
	/* A renamed copy is never used; rootovl-clean.service removes what is left of it. */
	path = xasprintf(RUN_DISK "/" DISK_OLD "/%s", aside);
	remove_path(path);
	return 0;
}

/* Removes another copy. */
static int evict(struct copy_disk *disk, size_t which, uint64_t free_before, struct failure *f)
{
	struct copy_entry *entry = &disk->others[which];
	int r = copy_disk_remove(disk, disk->cache, entry->id);
	struct statvfs vfs;

	if (r == 0)
		r = disk_room_wait(disk->cache, free_before + entry->room / 4 * 3, 0, &vfs);
	if (r < 0)
		return fail_errno(f, -r, NULL, DISK_CACHE "/%s", entry->id);
	log_line(LOG_NOTICE, "removed the copy %s, unused for longest, of %" PRIu64 " MiB",
		 entry->id, entry->room >> 20);
	free(entry->id);
	*entry = disk->others[--disk->n_others];
	return 0;
}

int copy_disk_make_room(void *arg, const struct tree_count *so_far, uint64_t more,
			struct failure *f)
{
	struct copy_disk *disk = arg;

	for (;;) {
		struct copy_space space;
		struct statvfs vfs;
		int which, r;

		if (fstatvfs(disk->dir, &vfs) < 0)
			return fail_errno(f, errno, NULL, RUN_DISK);
		space = (struct copy_space){
			.size = (uint64_t)vfs.f_blocks * vfs.f_frsize,
			.available = (uint64_t)vfs.f_bavail * vfs.f_frsize,
			.inodes = vfs.f_files,
			.inodes_free = vfs.f_favail,
		};
		which = copy_evict(disk->others, disk->n_others, so_far->room, more, &space);
		if (which == COPY_EVICT_NONE)
			return 0;
		/* rootovl-clean.service may be removing the same files. */
		if (!disk->cleaned) {
			disk->cleaned = true;
			if (access(RUN_DISK "/" DISK_OLD, F_OK) == 0) {
				remove_path(RUN_DISK "/" DISK_OLD);
				(void)disk_room_wait(disk->cache, more + space.size / 10,
						     space.inodes / 10, &vfs);
			}
			continue;
		}
		if (which == COPY_EVICT_LARGER)
			return fail(f, EFBIG, "a larger rootovl.size=",
				    "it takes more than half of the disk's %" PRIu64 " MiB",
				    space.size >> 20);
		if (which == COPY_EVICT_FULL)
			return fail(f, ENOSPC, "the next boot goes on",
				    "less than a tenth of the disk is free%s",
				    space.inodes_free < space.inodes / 10 ? ", of its inodes" : "");
		r = evict(disk, (size_t)which, space.available, f);
		if (r < 0)
			return r;
	}
}
