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
#include "src/rootovl/disk/copy_leave.h"
#include "src/rootovl/disk/copy_state.h"
#include "src/rootovl/disk/disk_dirs.h"
#include "src/rootovl/disk/lower_identity.h"
#include "src/rootovl/disk/upper_disk.h"
#include "src/rootovl/lower/check.h"
#include "src/rootovl/lower/lower.h"
#include "src/rootovl/lower/network.h"
#include "src/rootovl/machine/unmount.h"
#include "src/rootovl/report/report.h"
#include "src/rootovl/settings/paths.h"
#include "src/rootovl/steps/mount_lower.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>

#define TRIES 3 /* boots that did not come up, and the copy is held for damaged */

static void warn(const char *why)
{
	log_console(LOG_WARNING, "the copy of the root is not used: %s", why);
}

/* ext4 counts the errors that it met (Documentation/ABI/testing/sysfs-fs-ext4); others do not. */
static bool has_errors(int disk)
{
	auto_free char *link = NULL, *path = NULL, *count = NULL;
	char target[PATH_MAX];
	struct stat st;
	ssize_t len;

	if (fstat(disk, &st) < 0)
		return true;
	link = xasprintf("/sys/dev/block/%u:%u", major(st.st_dev), minor(st.st_dev));
	len = readlink(link, target, sizeof(target) - 1);
	if (len <= 0)
		return false;
	target[len] = '\0';
	path = xasprintf("/sys/fs/ext4/%s/errors_count",
			 strrchr(target, '/') ? strrchr(target, '/') + 1 : target);
	return file_read(AT_FDCWD, path, 64, &count) == 0 && strtoul(count, NULL, 10) > 0;
}

/* Counts one more boot on the copy; copy_fill.c sets the count to 0 when a boot comes up. */
static void count_try(int dir)
{
	auto_copy_state struct copy_state state = { 0 };

	if (copy_state_read(dir, &state) == 0) {
		state.tries++;
		/* Durable now, for a boot that fails may end within a second. */
		(void)copy_state_write(dir, &state);
	}
	(void)futimens(dir, NULL);
}

/* Was it found too large for a disk of this size? */
static bool is_too_large(int dir, const struct copy_state *state)
{
	struct statvfs vfs;

	return state->kind == COPY_LARGE && fstatvfs(dir, &vfs) == 0 &&
	       state->disk >= (uint64_t)vfs.f_blocks * vfs.f_frsize;
}

/* Gives a descriptor of the copy's directory, or -errno. */
static int open_dir(const char *id)
{
	auto_close int disk = open(RUN_DISK, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_close int ours = disk < 0 ? -errno : disk_dirs_enter(disk, DISK_OURS);
	auto_close int cache = ours < 0 ? ours : disk_dirs_enter(ours, CACHE_DIR);

	return cache < 0 ? cache : disk_dirs_enter(cache, id);
}

/* From here on only descriptors that are open already write to copies; a job cannot by mistake. */
static void make_read_only(void)
{
	if (mount(DISK_CACHE, DISK_CACHE, NULL, MS_BIND, NULL) < 0 ||
	    mount(NULL, DISK_CACHE, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOATIME, NULL) < 0)
		log_line(LOG_WARNING, "%s: %s", DISK_CACHE, strerror(errno));
}

/* It is not used again; the service completes it or makes a new one. */
static void drop_copy(struct boot *boot)
{
	if (boot->copy.root >= 0)
		close(steal_fd(&boot->copy.root));
	(void)copy_state_unmake(boot->copy.dir);
}

/* Opens a complete copy, if it may be the lower. Returns 0 or -errno. */
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
		warn("three boots on it did not come to multi-user.target");
		/* Without the state no file of the copy is used again. */
		(void)copy_state_remove(boot->copy.dir);
	} else if (r < 0) {
		warn(strerror(-r));
		drop_copy(boot);
	}
}

int step_find_copy(struct boot *boot, const struct step *step, struct failure *f)
{
	const struct step_cache *cache = &step->cache;
	int r = upper_reach_disk(boot, cache->device, f);

	if (r < 0)
		return r;
	boot->copy.dir = open_dir(cache->id);
	if (boot->copy.dir < 0) {
		log_console(LOG_WARNING, "no copy of the root is kept: %s: %s", DISK_CACHE,
			    strerror(-boot->copy.dir));
		return 0;
	}
	if (has_errors(boot->copy.dir))
		warn("the disk's file system has errors: run fsck on it");
	else
		look_for_copy(boot, cache);
	make_read_only();
	return 0;
}

void undo_find_copy(struct boot *boot, const struct step *step)
{
	(void)step;
	cache_release(boot);
	undo_reach_disk(boot);
}

void cache_release(struct boot *boot)
{
	if (boot->copy.root >= 0)
		close(steal_fd(&boot->copy.root));
	if (boot->copy.dir >= 0)
		close(steal_fd(&boot->copy.dir));
	free(STEAL(boot->copy.of));
	boot->copy.step = NULL;
}

static int bind_copy(struct boot *boot, const struct step_lower *lower, struct failure *f)
{
	auto_free char *place = xasprintf("/proc/self/fd/%d", boot->copy.root);
	const char *init = boot->plan->settings.init;
	auto_close int fd = -1;
	int r;

	if (mount(place, lower->at, NULL, MS_BIND, NULL) < 0)
		return fail_errno(f, errno, NULL, "binding it to %s", lower->at);
	r = mount(NULL, lower->at, NULL,
		  MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOATIME | lower->flags, NULL);
	fd = r < 0 ? r : open(lower->at, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	r = fd < 0 ? fail_errno(f, errno, NULL, "%s", lower->at) : check_is_root(fd, init, f);
	if (r < 0)
		unmount_quickly(lower->at);
	return r;
}

/* One try: is there a network on which the server would be reached? It is not asked. */
static int attempt_way(struct boot *boot, const void *arg, struct failure *f)
{
	const struct step_lower *lower = arg;
	const struct root_source *source = lower->source;
	struct network_peer peer = { 0 };
	int r = network_way(source->address ? source->address : source->host, &peer, f);

	/* As with the server's root: only what the root would hang on is held on to. */
	if (r == 0 && lower->port)
		memcpy(boot->local, peer.local, sizeof(boot->local));
	return r;
}

/* Gives 1 when it is, 0 when it is of another state, or -errno. */
static int is_current(struct boot *boot)
{
	auto_free char *now = lower_identity(boot->copy.step->key, boot->lower);

	return now ? !strcmp(now, boot->copy.of) : -errno;
}

int cache_take_lower(struct boot *boot, const struct step *step, struct failure *f)
{
	const struct step_lower *lower = &step->lower;
	auto_failure struct failure unusable = { 0 };
	bool asked = boot->lower >= 0;
	int r;

	if (boot->copy.root < 0 || asked != boot->copy.step->ask)
		return 0;
	r = asked ? is_current(boot) : 1;
	if (r < 0) {
		/* Nothing is known against it: it stays. */
		warn(strerror(-r));
		return 0;
	}
	if (r == 0) {
		warn("the server's root has changed");
		drop_copy(boot);
		return 0;
	}
	if (asked)
		undo_mount_lower(boot, step);
	r = file_make_dirs(lower->at);
	if (r == 0)
		r = bind_copy(boot, lower, &unusable);
	if (r < 0) {
		warn(unusable.what ? unusable.what : strerror(-r));
		drop_copy(boot);
		return 0;
	}
	boot->lower_mounted = boot->copy.used = true;
	report_set(boot->report, "lower", "copy", boot->copy.step->id);
	r = asked ? 0 : lower_retry(boot, attempt_way, lower, f);
	if (r < 0) {
		failure_prefix(f, "the network for the root's copy");
		return r;
	}
	/* Not before: a farm whose network is away would lose all its copies by that. */
	count_try(boot->copy.dir);
	return 1;
}

void cache_leave(struct boot *boot)
{
	int r;

	if (!boot->copy.step)
		return;
	r = copy_leave(boot->copy.step->key, boot->copy.step->id, boot->copy.used);
	if (r < 0)
		log_line(LOG_WARNING, "nobody will copy the root: %s", strerror(-r));
}
