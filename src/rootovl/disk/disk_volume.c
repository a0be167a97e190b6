// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/disk/disk_volume.h"

#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/disk/disk_probe.h"
#include "src/rootovl/disk/lvm.h"
#include "src/rootovl/machine/block.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#define DEFAULT_SIZE	(20ULL * 1024 * 1024 * 1024)
#define DEFAULT_PERCENT 80
#define NEW_NAME	DISKS_NAME ".new"
#define NEW_PATH	DISKS_VOLUME ".new"
#define MIB		(1024 * 1024)

static uint64_t percent_of(uint64_t size, unsigned percent)
{
	return size / 100 * percent + size % 100 * percent / 100;
}

/*
 * Returns the wanted size of the volume, in whole extents: a share of the group is rounded down, a
 * size is rounded up.
 */
static uint64_t wanted_size(const struct disks_wish *wish, const struct lvm_group *group)
{
	uint64_t extent = group->extent ? group->extent : 1;
	uint64_t share = percent_of(group->size, wish->percent), size = wish->size;

	if (!wish->size_asked) {
		size = DEFAULT_SIZE;
		share = percent_of(group->size, DEFAULT_PERCENT);
	}
	if (size == 0 || (!wish->size_asked && share < size))
		return share / extent * extent;
	return (size + extent - 1) / extent * extent;
}

/* Returns whether the volume has a file system that can hold the upper. */
static int look_inside(bool *ret, struct failure *f)
{
	auto_close int fd = open(DISKS_VOLUME, O_RDONLY | O_CLOEXEC);
	auto_free char *type = NULL;

	if (fd < 0)
		return fail_errno(f, errno, NULL, DISKS_VOLUME);
	type = block_type(fd);
	*ret = type && (!strcmp(type, "ext4") || !strcmp(type, "xfs"));
	return 0;
}

static int refuse_small(uint64_t has, uint64_t wanted, struct failure *f)
{
	return fail(f, ENOSPC,
		    "lvextend -r makes it larger and keeps what is in it, rootovl.format=force "
		    "makes it anew; or ask for less by rootovl.size=",
		    "volume " DISKS_GROUP "/" DISKS_NAME ": it has %" PRIu64 " MiB, and %" PRIu64
		    " MiB are asked for",
		    has / MIB, wanted / MIB);
}

/* Decides what happens to an existing volume. */
static int judge(const struct disks_wish *wish, uint64_t has, uint64_t wanted,
		 enum disk_volume_plan *ret, struct failure *f)
{
	bool good = false, small = wish->size_asked && has < wanted;
	struct disk inside;
	int r = look_inside(&good, f);

	if (r < 0)
		return r;
	*ret = good && !small ? DISK_VOLUME_USE : DISK_VOLUME_REMAKE;
	if (*ret == DISK_VOLUME_USE || wish->format == DISKS_FORMAT_FORCE)
		return 0;
	if (good)
		return refuse_small(has, wanted, f);
	r = disk_probe(DISKS_VOLUME, &inside, f);
	if (r == 0 && (inside.kind != DISK_BLANK || wish->format == DISKS_FORMAT_NEVER))
		r = fail(f, wish->format == DISKS_FORMAT_NEVER ? EPERM : EEXIST,
			 "what the upper takes is ext4 or xfs; rootovl.format=force makes it anew",
			 "volume " DISKS_GROUP "/" DISKS_NAME ": there is %s on it",
			 inside.found ? inside.found : "nothing");
	disk_done(&inside);
	return r;
}

/* Activates the volume, so that its device exists. */
static int activate(struct failure *f)
{
	static const char *const command[] = {
		"lvchange", "-a", "y", "-K", DISKS_GROUP "/" DISKS_NAME, NULL
	};

	return lvm_run(command, f);
}

int disk_volume_look(const struct disks_wish *wish, enum disk_volume_plan *ret, struct failure *f)
{
	struct lvm_volume volume = { 0 };
	struct lvm_group group;
	int r = lvm_group_look(&group, f);

	if (r == 0 && group.n > 1)
		return fail(f, ENOTUNIQ, "vgrename all but one, or take its disks out",
			    "%u volume groups are called " DISKS_GROUP, group.n);
	if (r == 0 && group.n == 1)
		r = lvm_volume_look(DISKS_NAME, &volume, f);
	if (r < 0)
		return r;
	if (volume.exists) {
		r = activate(f);
		return r < 0 ? r : judge(wish, volume.size, wanted_size(wish, &group), ret, f);
	}
	*ret = DISK_VOLUME_MAKE;
	if (wish->format == DISKS_FORMAT_NEVER)
		return fail(f, EPERM, "rootovl.format=blank lets it be made",
			    "volume " DISKS_GROUP "/" DISKS_NAME
			    ": there is none, and rootovl.format=never");
	return 0;
}

/* Removes a volume of the group if it exists. */
static int drop(const char *name, struct failure *f)
{
	auto_free char *path = xasprintf(DISKS_GROUP "/%s", name);
	const char *const command[] = { "lvremove", "-f", "-y", path, NULL };
	struct lvm_volume volume;
	int r = lvm_volume_look(name, &volume, f);

	return r < 0 || !volume.exists ? r : lvm_run(command, f);
}

static int create(uint64_t size, struct failure *f)
{
	auto_free char *bytes = xasprintf("%" PRIu64 "b", size);
	const char *const command[] = { "lvcreate", "-y",     "-W", "y",   "-Z",	"y",
					"-n",	    NEW_NAME, "-L", bytes, DISKS_GROUP, NULL };

	return lvm_run(command, f);
}

static int make_fs(enum disks_fs fs, struct failure *f)
{
	static const char *const ext4[] = { "mkfs.ext4", "-q", "-F", NEW_PATH, NULL };
	static const char *const xfs[] = { "mkfs.xfs", "-q", "-f", NEW_PATH, NULL };

	return tool_run(fs == DISKS_XFS ? xfs : ext4, NULL, f);
}

/*
 * Renames the new volume and activates it. The rename comes before the activation: lvm would
 * suspend an active volume for the rename. If lvm is killed then, the volume stays suspended and
 * every reader waits forever.
 */
static int take_name(struct failure *f)
{
	static const char *const deactivate[] = { "lvchange", "-a", "n", DISKS_GROUP "/" NEW_NAME,
						  NULL };
	static const char *const rename_new[] = { "lvrename", DISKS_GROUP, NEW_NAME, DISKS_NAME,
						  NULL };
	int r = lvm_run(deactivate, f);

	if (r == 0)
		r = lvm_run(rename_new, f);
	return r < 0 ? r : activate(f);
}

/* Checks that the group has room for the volume, after `coming` bytes were freed. */
static int check_room(const struct disks_wish *wish, uint64_t coming, uint64_t *ret,
		      struct failure *f)
{
	struct lvm_group group;
	int r = lvm_group_look(&group, f);

	if (r < 0)
		return r;
	*ret = wanted_size(wish, &group);
	if (*ret && *ret <= group.free + coming)
		return 0;
	return fail(f, ENOSPC,
		    "ask for less by rootovl.size=, remove volumes that nobody needs, or name one "
		    "more disk",
		    "volume group " DISKS_GROUP ": %" PRIu64 " MiB are wanted, and %" PRIu64
		    " MiB are free",
		    *ret / MIB, (group.free + coming) / MIB);
}

int disk_volume_make(const struct disks_wish *wish, enum disk_volume_plan plan, struct failure *f)
{
	struct lvm_volume old = { 0 };
	uint64_t size = 0;
	int r;

	if (plan == DISK_VOLUME_USE) {
		log_line(LOG_INFO, "volume " DISKS_GROUP "/" DISKS_NAME ": taken as it is");
		return 0;
	}
	r = drop(NEW_NAME, f);
	if (r == 0)
		r = lvm_volume_look(DISKS_NAME, &old, f);
	if (r == 0)
		r = check_room(wish, old.size, &size, f);
	if (r == 0 && plan == DISK_VOLUME_REMAKE)
		r = drop(DISKS_NAME, f);
	if (r == 0)
		r = create(size, f);
	if (r == 0)
		r = make_fs(wish->fs, f);
	if (r == 0)
		r = take_name(f);
	if (r == 0)
		log_line(LOG_INFO, "volume " DISKS_GROUP "/" DISKS_NAME ": made, %" PRIu64 " MiB",
			 size / MIB);
	return r;
}

int disk_volume_open(struct failure *f)
{
	struct lvm_volume volume = { 0 };
	struct lvm_group group;
	int r = lvm_group_look(&group, f);

	if (r == 0 && group.n == 1)
		r = lvm_volume_look(DISKS_NAME, &volume, f);
	if (r < 0)
		return r;
	if (!volume.exists)
		return fail(f, ENODEV, NULL, "there is no volume " DISKS_GROUP "/" DISKS_NAME);
	return activate(f);
}
