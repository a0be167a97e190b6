// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/disk/disks.h"

#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/disk/disk_probe.h"
#include "src/rootovl/disk/disk_volume.h"
#include "src/rootovl/disk/lvm.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#define MIB (1024 * 1024)

/* Holds the disks after they were probed. */
struct disks {
	struct disk *disks;
	size_t n;
};

static void disks_done(struct disks *disks)
{
	for (size_t i = 0; i < disks->n; i++)
		disk_done(&disks->disks[i]);
	free(disks->disks);
}

/* Refuses a disk that is unusable whatever it contains. */
static int refuse_device(const struct disk *disk, struct failure *f)
{
	if (disk->read_only)
		return fail(f, EROFS, "is it write-protected? name another in rootfs_disk=",
			    "disk %s: it is read-only", disk->device);
	if (disk->removable)
		return fail(f, EMEDIUMTYPE, "name a disk that stays in rootfs_disk=",
			    "disk %s: its medium can be taken out", disk->device);
	/* On a second call, the volumes of our own group are active. */
	if (disk->used && !disk->member)
		return fail(f, EBUSY, "name another in rootfs_disk=, or leave it alone first",
			    "disk %s: it is in use: %s", disk->device, disk->used);
	if (disk->size < DISKS_SMALLEST)
		return fail(f, ENOSPC, "name a larger one in rootfs_disk=",
			    "disk %s: it has %" PRIu64 " MiB, and %llu MiB are the least",
			    disk->device, disk->size / MIB, DISKS_SMALLEST / MIB);
	return 0;
}

/* Refuses a disk whose contents must not be overwritten. */
static int refuse_content(const struct disk *disk, enum disks_format format, struct failure *f)
{
	if (disk->member)
		return disk->kind == DISK_OURS || format == DISKS_FORMAT_FORCE
			       ? 0
			       : fail(f, EEXIST, "take it out of the group, or wipe the rest",
				      "disk %s: there is %s on it", disk->device, disk->found);
	if (format == DISKS_FORMAT_NEVER)
		return fail(f, EPERM, "rootovl.format=blank lets a blank disk be prepared",
			    "disk %s: it is not prepared (%s on it), and rootovl.format=never",
			    disk->device, disk->found ? disk->found : "nothing is");
	if (disk->kind == DISK_FOREIGN && format != DISKS_FORMAT_FORCE)
		return fail(f, EEXIST,
			    "is it the right disk? if nobody needs what is on it: wipefs -a, and "
			    "zeros over the first and last MiB, or rootovl.format=force",
			    "disk %s: there is %s on it", disk->device, disk->found);
	return 0;
}

/* Probes one more disk, and refuses a disk that must not be written to. */
static int add_disk(struct disks *disks, const char *device, enum disks_format format,
		    struct failure *f)
{
	struct disk *disk = &disks->disks[disks->n++];
	int r = disk_probe(device, disk, f);

	if (r < 0)
		return r;
	for (size_t i = 0; i + 1 < disks->n; i++)
		if (!strcmp(disks->disks[i].device, disk->device))
			return fail(f, ENOTUNIQ, "name each disk once in rootfs_disk=",
				    "disk %s: it is named twice", disk->device);
	r = refuse_device(disk, f);
	return r < 0 ? r : refuse_content(disk, format, f);
}

static int look(char *const *devices, const struct disks_wish *wish, struct disks *disks,
		struct failure *f)
{
	int r = 0;

	disks->disks = xcalloc(strv_len(devices) + 1, sizeof(*disks->disks));
	for (; r == 0 && devices && *devices; devices++)
		r = add_disk(disks, *devices, wish->format, f);
	if (r == 0 && disks->n == 0)
		r = fail(f, EINVAL, "name one in rootfs_disk=", "there is no disk to prepare");
	return r;
}

/*
 * Adds one disk to the group. The disk is marked during that time. Until it is in the group, the
 * mark says that it is ours, at any moment of a power cut. Then the group says that, and the mark
 * is removed: otherwise it would claim data that others write later.
 */
static int join_group(const struct disk *disk, struct failure *f)
{
	const char *const pvcreate[] = { "pvcreate", "-f", "-f", "-y", disk->device, NULL };
	struct lvm_group group;
	int r;

	log_line(LOG_NOTICE, "disk %s: there is %s on it; it becomes one of the group " DISKS_GROUP,
		 disk->device, disk->found ? disk->found : "nothing");
	r = disk_mark(disk->device, true, f);
	if (r == 0 && disk->kind != DISK_BLANK)
		r = disk_wipe(disk->device, f);
	if (r == 0)
		r = lvm_run(pvcreate, f);
	if (r == 0)
		r = lvm_group_look(&group, f);
	if (r == 0) {
		const char *const command[] = { group.n ? "vgextend" : "vgcreate", "-y",
						DISKS_GROUP, disk->device, NULL };

		r = lvm_run(command, f);
	}
	return r < 0 ? r : disk_mark(disk->device, false, f);
}

/* Creates or extends the group over all disks. */
static int make_group(const struct disks *disks, struct failure *f)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < disks->n; i++) {
		const struct disk *disk = &disks->disks[i];

		if (!disk->member)
			r = join_group(disk, f);
		else if (disk->marked)
			r = disk_mark(disk->device, false, f);
	}
	return r;
}

int disks_prepare(char *const *devices, const struct disks_wish *wish, struct failure *f)
{
	enum disk_volume_plan plan = DISK_VOLUME_MAKE;
	struct disks disks = { 0 };
	int r = look(devices, wish, &disks, f);

	if (r == 0)
		r = disk_volume_look(wish, &plan, f);
	if (r == 0)
		r = make_group(&disks, f);
	if (r == 0)
		r = disk_volume_make(wish, plan, f);
	disks_done(&disks);
	return r;
}
