// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The step "find copy": looks for a copy of the lower on the disk of the upper.
 * Runs before "mount lower". Needs the disk. Leaves the mount of RUN_DISK, and in boot->copy what
 * may become the lower. Whatever is wrong with a copy, the boot goes on with the server's root, and
 * one warning says why.
 */
#include "src/rootovl/steps/find_copy.h"

#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/disk/copy_state.h"
#include "src/rootovl/disk/disk_dirs.h"
#include "src/rootovl/disk/upper_disk.h"
#include "src/rootovl/settings/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>

#define TRIES 3 /* so many failed boots in a row mean that the copy is damaged */

void find_copy_warn(const char *why)
{
	log_console(LOG_WARNING, "the copy of the root is not used: %s", why);
}

void find_copy_drop(struct boot *boot)
{
	if (boot->copy.root >= 0)
		close(steal_fd(&boot->copy.root));
	(void)copy_state_unmake(boot->copy.dir);
	boot->copy.answer = COPY_NONE;
}

void find_copy_count_try(struct boot *boot)
{
	auto_copy_state struct copy_state state = { 0 };

	if (copy_state_read(boot->copy.dir, &state) == 0) {
		state.tries++;
		/*
		 * The state is made durable now, because a boot that fails may end within a second.
		 */
		(void)copy_state_write(boot->copy.dir, &state);
	}
	(void)futimens(boot->copy.dir, NULL);
}

/*
 * Returns whether ext4 has counted errors (Documentation/ABI/testing/sysfs-fs-ext4). Other file
 * systems have no such counter.
 */
static bool has_errors(int disk)
{
	auto_free char *link = NULL, *target = NULL, *path = NULL, *count = NULL;
	struct stat st;

	if (fstat(disk, &st) < 0)
		return true;
	link = xasprintf("/sys/dev/block/%u:%u", major(st.st_dev), minor(st.st_dev));
	if (file_readlink(AT_FDCWD, link, &target) < 0)
		return false;
	path = xasprintf("/sys/fs/ext4/%s/errors_count",
			 strrchr(target, '/') ? strrchr(target, '/') + 1 : target);
	return file_read(AT_FDCWD, path, 64, &count) == 0 && strtoul(count, NULL, 10) > 0;
}

/* Returns whether the lower was found too large for a disk of this size. */
static bool is_too_large(int dir, const struct copy_state *state)
{
	struct statvfs vfs;

	return state->kind == COPY_LARGE && fstatvfs(dir, &vfs) == 0 &&
	       state->disk >= (uint64_t)vfs.f_blocks * vfs.f_frsize;
}

/* Opens the directory of the copy. Returns a descriptor, or -errno. */
static int open_dir(int disk, const char *id)
{
	auto_close int ours = disk_dirs_enter(disk, DISK_OURS);
	auto_close int cache = ours < 0 ? ours : disk_dirs_enter(ours, CACHE_DIR);

	return cache < 0 ? cache : disk_dirs_enter(cache, id);
}

/*
 * Makes the mount of the copies read-only, so that a job cannot write to them by mistake.
 * Descriptors that are open already can still write.
 */
static void make_read_only(void)
{
	if (mount(DISK_CACHE, DISK_CACHE, NULL, MS_BIND, NULL) < 0 ||
	    mount(NULL, DISK_CACHE, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOATIME, NULL) < 0)
		log_line(LOG_WARNING, "%s: %s", DISK_CACHE, strerror(errno));
}

/* Opens the copy if it is complete and may be the lower. Returns 0 or -errno. */
static int open_copy(struct boot *boot, const struct step_cache *cache, struct copy_state *state)
{
	if (state->tries >= TRIES)
		return -EUCLEAN;
	if (!copy_state_is_of(state->of, cache->key))
		return -ESTALE;
	boot->copy.root =
		openat(boot->copy.dir, COPY_ROOT, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (boot->copy.root < 0)
		return -errno;
	boot->copy.of = STEAL(state->of);
	boot->copy.answer = cache->ask ? COPY_ASK : COPY_USE;
	return 0;
}

static void look_for_copy(struct boot *boot, const struct step_cache *cache)
{
	auto_copy_state struct copy_state state = { 0 };
	int r = copy_state_read(boot->copy.dir, &state);

	if (r == 0 && is_too_large(boot->copy.dir, &state)) {
		log_line(LOG_NOTICE, "no copy is made: it takes more than half of the disk");
		return;
	}
	boot->copy.step = cache;
	if (r == -ENOENT || (r == 0 && state.kind != COPY_WHOLE))
		return;
	if (r == 0)
		r = open_copy(boot, cache, &state);
	if (r == -EUCLEAN) {
		find_copy_warn("three boots on it did not come to multi-user.target");
		/* Without its state the copy is never used again. */
		(void)copy_state_remove(boot->copy.dir);
	} else if (r < 0) {
		find_copy_warn(strerror(-r));
		find_copy_drop(boot);
	}
}

int step_find_copy(struct boot *boot, const struct step *step, struct failure *f)
{
	const struct step_cache *cache = &step->cache;
	int r = upper_reach_disk(boot, cache->device, f);

	if (r < 0)
		return r;
	boot->copy.dir = open_dir(boot->disk, cache->id);
	if (boot->copy.dir < 0) {
		log_console(LOG_WARNING, "no copy of the root is kept: %s: %s", DISK_CACHE,
			    strerror(-boot->copy.dir));
		return 0;
	}
	if (has_errors(boot->copy.dir))
		find_copy_warn("the disk's file system has errors: run fsck on it");
	else
		look_for_copy(boot, cache);
	make_read_only();
	return 0;
}
