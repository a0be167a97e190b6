// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/disk/upper_disk.h"

#include "src/common/clock.h"
#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/disk/disk_dirs.h"
#include "src/rootovl/disk/disk_room.h"
#include "src/rootovl/disk/lower_identity.h"
#include "src/rootovl/machine/block.h"
#include "src/rootovl/machine/device.h"
#include "src/rootovl/machine/leave.h"
#include "src/rootovl/machine/mount_causes.h"
#include "src/rootovl/plan/plan.h"
#include "src/rootovl/settings/paths.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define MIN_BYTES    (64u << 20) /* the least free space for a useful boot */
#define MIN_INODES   1000
#define IDENTITY     "made-on"
#define IDENTITY_MAX 4096

/*
 * Empties "rootovl/old" on RUN_DISK when no other process needs the disk. Uses rm(1) of the booted
 * root, which every root has and which does not follow links.
 */
static const char cleaner[] =
	"# made by rootovl in the initramfs\n"
	"[Unit]\n"
	"Description=Remove the writable layers of earlier boots\n"
	"After=multi-user.target\n"
	"[Service]\n"
	"Type=exec\n"
	"Nice=19\n"
	"IOSchedulingClass=idle\n"
	"CapabilityBoundingSet=CAP_DAC_OVERRIDE CAP_FOWNER\n"
	"ExecStart=-/bin/rm -rf --one-file-system -- " RUN_DISK "/" DISK_OLD "\n";

/*
 * Removes the uppers of earlier boots at once, except kept ones. Files of a job may fill the disk,
 * and everything else stays until a boot has succeeded. `disk` is its top directory. Returns
 * whether there were any.
 */
static bool upper_clean_now(int disk, const char *device)
{
	static const char *const names[] = { "old", "fresh" };
	auto_close int ours = disk_dirs_enter(disk, DISK_OURS);
	bool removed = false;

	for (size_t i = 0; ours >= 0 && i < ARRAY_SIZE(names); i++) {
		auto_free char *path = xasprintf("/proc/self/fd/%d/%s", ours, names[i]);

		if (faccessat(ours, names[i], F_OK, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		log_console(LOG_NOTICE,
			    "%s is full: " DISK_OURS "/%s of earlier boots is removed now", device,
			    names[i]);
		file_remove_tree(path);
		removed = true;
	}
	return removed;
}

/* Returns whether overlayfs accepts an upper on this file system. */
static bool is_usable(const char *type)
{
	return type && IS_ONE_OF(type, "ext4", "xfs", "btrfs", "ext3");
}

static int mount_device(const char *path, const char *device, struct failure *f)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	auto_free char *type = NULL;
	int read_only = 0;

	if (fd < 0)
		return fail_errno(f, errno, NULL, "%s (%s)", device, path);
	if (ioctl(fd, BLKROGET, &read_only) == 0 && read_only)
		return fail(f, EROFS, "the upper needs one that can be written to",
			    "%s (%s) is read-only", device, path);
	type = block_type(fd);
	if (!is_usable(type)) {
		auto_free char *name = xasprintf("%s (%s)", device, path);

		return block_refuse(name, type, "an upper needs ext4, xfs or btrfs", f);
	}
	if (mount(path, RUN_DISK, type, MS_NOATIME, NULL) < 0)
		return mount_causes_fail(f, type, errno, "%s: mounting it as %s", device, type);
	return 0;
}

/*
 * Returns whether readdir(3) reports the type of an entry. XFS with ftype=0 does not (mkfs.xfs(8)),
 * except for "." and "..", so our own directory is used for the test.
 */
static bool tells_types(int disk)
{
	auto_dir DIR *list = fdopendir(openat(disk, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	bool tells = false;

	for (struct dirent *entry; list && (entry = readdir(list));)
		tells |= !strcmp(entry->d_name, DISK_OURS) && entry->d_type == DT_DIR;
	return tells;
}

static bool is_full(const struct statvfs *vfs)
{
	return !disk_room_has(vfs, MIN_BYTES, MIN_INODES);
}

static int set_aside_kept(int disk, const char *name)
{
	auto_close int ours = disk_dirs_enter(disk, DISK_OURS);
	auto_close int kept = ours < 0 ? ours : disk_dirs_enter(ours, "kept");

	return kept < 0 ? kept : disk_dirs_set_aside(ours, kept, name, NULL);
}

static int clean(int disk, const struct step_upper *upper, struct statvfs *vfs)
{
	if (!upper_clean_now(disk, upper->device))
		return 0;
	return disk_room_wait(disk, MIN_BYTES, MIN_INODES, vfs);
}

/* Removes unused uppers if the disk is full. */
static int look_for_room(int disk, const struct step_upper *upper, struct statvfs *vfs)
{
	int r = fstatvfs(disk, vfs) < 0 ? -errno : 0;

	if (r < 0 || !is_full(vfs) || (vfs->f_flag & ST_RDONLY))
		return r;
	r = clean(disk, upper, vfs);
	if (r < 0 || !is_full(vfs) || !upper->anew || set_aside_kept(disk, upper->persist) < 0)
		return r;
	return clean(disk, upper, vfs);
}

static int check_disk(int disk, const struct step_upper *upper, struct failure *f)
{
	struct statvfs vfs;
	int r = look_for_room(disk, upper, &vfs);

	if (r < 0)
		return fail_errno(f, -r, NULL, "%s", upper->device);
	if (vfs.f_flag & ST_RDONLY)
		return fail(f, EROFS, "the kernel's log says why",
			    "%s: its file system is read-only", upper->device);
	if (is_full(&vfs))
		return fail(f, ENOSPC, "make room on it, or use a larger one",
			    "%s is full: %" PRIu64 " MiB and %" PRIu64 " inodes are free",
			    upper->device, (uint64_t)vfs.f_bavail * vfs.f_frsize >> 20,
			    (uint64_t)vfs.f_favail);
	return 0;
}

/* Checks that a kept upper was made on this lower. For a new upper, records the lower. */
static int check_identity(struct boot *boot, int dir, const struct step_upper *upper,
			  struct failure *f)
{
	auto_free char *name = root_source_name(&boot->plan->settings.root);
	auto_free char *now = lower_identity(name, boot->lower);
	auto_free char *then = NULL;
	int r = now ? 0 : -errno;

	if (r < 0)
		return fail_errno(f, -r, "the server stopped answering?", "%s: its directories",
				  name);
	r = file_read(dir, IDENTITY, IDENTITY_MAX, &then);
	if (r == 0 && !strcmp(now, then))
		return 0;
	if (r == -ENOENT)
		r = file_write_durable(dir, IDENTITY, now, 0600);
	else if (r == 0)
		return fail(f, ESTALE,
			    "boot that lower again, or take another name, or begin anew: "
			    "rootovl.persist=NAME,new",
			    "the upper kept as %s was made on another lower, or this one changed "
			    "(%.*s)",
			    upper->persist, (int)strcspn(then, "\n"), then);
	return r < 0 ? fail_errno(f, -r, NULL, "%s: the upper kept as %s", upper->device,
				  upper->persist)
		     : 0;
}

/* Opens the directory of this boot's upper below `ours`. Returns a descriptor or -errno. */
static int open_fresh(int ours)
{
	int r = disk_dirs_set_aside(ours, ours, "fresh", NULL);

	return r < 0 ? r : disk_dirs_enter(ours, "fresh");
}

/*
 * The record of the lower is written first. So an upper without it is incomplete, and no boot has
 * written to it.
 */
static int open_kept(int ours, const struct step_upper *upper)
{
	auto_close int kept = disk_dirs_enter(ours, "kept");
	auto_free char *note = xasprintf("%s/" IDENTITY, upper->persist);
	int r = 0;

	if (kept < 0)
		return kept;
	if (upper->anew || faccessat(kept, note, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
		r = disk_dirs_set_aside(ours, kept, upper->persist, NULL);
	return r < 0 ? r : disk_dirs_enter(kept, upper->persist);
}

static int open_layers(struct boot *boot, const struct step_upper *upper, int disk, int *ret,
		       struct failure *f)
{
	auto_close int ours = disk_dirs_enter(disk, DISK_OURS);
	int dir;

	if (ours >= 0 && !tells_types(disk))
		return fail(f, ENOTSUP, "make it anew: mkfs.xfs -n ftype=1",
			    "%s: its directories do not tell types, which an overlay needs",
			    upper->device);
	dir = ours < 0 ? ours : upper->persist ? open_kept(ours, upper) : open_fresh(ours);
	if (dir < 0)
		return fail_errno(f, -dir, "what is there is not rootovl's?",
				  "%s: the directory " DISK_OURS " in it", upper->device);
	*ret = dir;
	return upper->persist ? check_identity(boot, dir, upper, f) : 0;
}

/* Waits for the upper's device until the deadline, and mounts it on RUN_DISK. */
static int mount_found(const char *device, uint64_t deadline_ms, struct failure *f)
{
	auto_free char *path = NULL;
	int r = device_find(device, deadline_ms, &path, f);

	if (r < 0)
		return r;
	r = file_make_dirs(RUN_DISK);
	return r < 0 ? fail_errno(f, -r, NULL, RUN_DISK) : mount_device(path, device, f);
}

int upper_reach_disk(struct boot *boot, const char *device, struct failure *f)
{
	int r;

	if (boot->disk >= 0)
		return 0;
	r = mount_found(device, boot->deadline, f);
	if (r < 0)
		return r;
	boot->disk = open(RUN_DISK, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return boot->disk < 0 ? fail_errno(f, errno, NULL, RUN_DISK) : 0;
}

int upper_mount_disk(struct boot *boot, const struct step_upper *upper, struct failure *f)
{
	auto_free char *place = NULL;
	auto_close int dir = -1;
	int r = upper_reach_disk(boot, upper->device, f);

	if (r == 0)
		r = check_disk(boot->disk, upper, f);
	if (r == 0)
		r = open_layers(boot, upper, boot->disk, &dir, f);
	if (r < 0)
		return r;
	place = xasprintf("/proc/self/fd/%d", dir);
	if (mount(place, upper->at, NULL, MS_BIND, NULL) < 0)
		return fail_errno(f, errno, NULL, "%s on %s", upper->device, upper->at);
	r = leave_unit("multi-user.target", "rootovl-clean.service", cleaner);
	if (r < 0)
		log_line(LOG_WARNING, "nobody will remove the uppers of earlier boots: %s",
			 strerror(-r));
	return 0;
}

int upper_visit_disk(const char *device, int *ret, struct failure *f)
{
	auto_close int disk = -1;
	int r = mount_found(device, clock_ms(), f);

	if (r < 0)
		return r;
	disk = open(RUN_DISK, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	r = disk < 0 ? -errno : disk_dirs_enter(disk, DISK_OURS);
	if (r < 0) {
		umount2(RUN_DISK, MNT_DETACH);
		return fail_errno(f, -r, NULL, "%s: the directory " DISK_OURS " in it", device);
	}
	*ret = r;
	return 0;
}
