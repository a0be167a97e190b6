// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/disk/disk_probe.h"

#include "src/common/mem.h"
#include "src/rootovl/disk/disk_use.h"
#include "src/rootovl/disk/disks.h"
#include "src/rootovl/disk/lvm.h"

#include <blkid/blkid.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define MIB	    (1024 * 1024)
#define MARK_OFFSET 2048
#define MARK_SIZE   512
#define MARK	    "rootovl prepares this disk for the volume group " DISKS_GROUP "\n"
#define FINDINGS    16 /* the most signatures of one disk in a message */

#define SUPERBLOCKS                                                                                \
	(BLKID_SUBLKS_LABEL | BLKID_SUBLKS_TYPE | BLKID_SUBLKS_USAGE | BLKID_SUBLKS_MAGIC |        \
	 BLKID_SUBLKS_BADCSUM)
#define PARTITIONS (BLKID_PARTS_FORCE_GPT | BLKID_PARTS_MAGIC)

/* Maps types of libblkid to common names. The other types are names of file systems. */
static const struct name {
	const char *type;
	const char *text;
} names[] = {
	{ "swap", "swap" },
	{ "swsuspend", "a hibernated system" },
	{ "crypto_LUKS", "LUKS" },
	{ "BitLocker", "BitLocker" },
	{ "iso9660", "an ISO 9660 image" },
	{ "linux_raid_member", "a RAID member" },
	{ "zfs_member", "a member of a ZFS pool" },
	{ "LVM1_member", "an LVM 1 physical volume" },
	{ "bcache", "a bcache device" },
	{ "ubi", "a UBI device" },
};

void disk_done(struct disk *disk)
{
	free(disk->device);
	free(disk->found);
	free(disk->used);
	*disk = (struct disk){ 0 };
}

static void set_probe(blkid_probe probe)
{
	blkid_probe_enable_superblocks(probe, 1);
	blkid_probe_set_superblocks_flags(probe, SUPERBLOCKS);
	blkid_probe_enable_partitions(probe, 1);
	blkid_probe_set_partitions_flags(probe, PARTITIONS);
}

static const char *probe_value(blkid_probe probe, const char *name)
{
	const char *value = NULL;

	return blkid_probe_lookup_value(probe, name, &value, NULL) == 0 ? value : NULL;
}

/* Returns "a" or "an", by the pronunciation of the name. */
static const char *article(const char *type)
{
	return strchr("aefhiox", *type) || !strcmp(type, "ntfs") ? "an" : "a";
}

/* Describes a superblock in words, for messages. */
static char *superblock_text(const char *type, const char *usage, const char *label)
{
	const char *labelled = label && *label ? " labelled " : "";
	const char *text = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(type, names[i].type))
			text = names[i].text;
	if (!label)
		label = "";
	if (text)
		return xasprintf("%s%s%s", text, labelled, label);
	if (usage && !strcmp(usage, "raid"))
		return xasprintf("a RAID member (%s)", type);
	if (usage && !strcmp(usage, "crypto"))
		return xasprintf("encrypted data (%s)", type);
	if (usage && !strcmp(usage, "other"))
		return xasprintf("data of the type %s", type);
	return xasprintf("%s %s file system%s%s", article(type), type, labelled, label);
}

/* Collects the signatures that are found on a disk. */
struct signatures {
	struct disk *disk;
	char **texts;
	bool alien; /* one of them is not LVM's, or is of another group */
};

/*
 * Describes a disk with an LVM label: whether it belongs to our group, to another one, or to none.
 */
static int describe_lvm(struct signatures *found, char **ret, struct failure *f)
{
	auto_free char *group = NULL;
	int r = lvm_group_of(found->disk->device, &group, f);

	if (r < 0)
		return r;
	if (group && !strcmp(group, DISKS_GROUP))
		found->disk->member = true;
	else if (group && *group)
		found->alien = true;
	if (group && *group)
		*ret = xasprintf("an LVM physical volume of group %s", group);
	else
		*ret = xstrdup(group ? "an orphan LVM PV" : "a broken LVM physical volume");
	return 0;
}

/* Adds the current signature of the probe. */
static int describe(blkid_probe probe, struct signatures *found, struct failure *f)
{
	const char *type = probe_value(probe, "TYPE"), *table = probe_value(probe, "PTTYPE");
	char *text = NULL;
	int r = 0;

	if (!table && type && !strcmp(type, "LVM2_member")) {
		r = describe_lvm(found, &text, f);
	} else {
		found->alien = true;
		if (table)
			text = xasprintf("a partition table (%s)", table);
		else if (type)
			text = superblock_text(type, probe_value(probe, "USAGE"),
					       probe_value(probe, "LABEL"));
		else
			text = xstrdup("data of an unknown kind");
	}
	if (text && strv_has(found->texts, text))
		free(text);
	else if (text)
		strv_add(&found->texts, text);
	return r;
}

/* Finds the signatures with libblkid. *ret_alien says whether there is more than LVM. */
static int find_signatures(int fd, struct disk *disk, bool *ret_alien, struct failure *f)
{
	struct signatures signatures = { .disk = disk };
	blkid_probe probe = blkid_new_probe();
	int r = 0, end = 1;

	if (!probe || blkid_probe_set_device(probe, fd, 0, 0) < 0) {
		blkid_free_probe(probe);
		return fail_errno(f, errno ? errno : ENOMEM, NULL, "%s", disk->device);
	}
	set_probe(probe);
	for (size_t n = 0; r == 0 && n < FINDINGS && (end = blkid_do_probe(probe)) == 0; n++)
		r = describe(probe, &signatures, f);
	blkid_free_probe(probe);
	if (r == 0 && end < 0)
		r = fail(f, EIO, "does the disk work?", "%s: it cannot be read", disk->device);
	*ret_alien = signatures.alien;
	if (signatures.texts)
		disk->found = strv_join(signatures.texts, " and ");
	strv_free(signatures.texts);
	return r;
}

/* Returns 1 if the MiB at `offset` has only zeros, 0 if not, or a failure. */
static int is_zero(int fd, uint64_t offset, const struct disk *disk, struct failure *f)
{
	auto_free char *data = xcalloc(1, MIB);
	ssize_t n = pread(fd, data, MIB, (off_t)offset);

	if (n < 0)
		return fail_errno(f, errno, "does the disk work?", "%s: reading it", disk->device);
	return n == 0 || (*data == '\0' && !memcmp(data, data + 1, (size_t)n - 1));
}

static int read_mark(int fd, struct disk *disk, struct failure *f)
{
	static const char mark[MARK_SIZE] = MARK;
	char sector[MARK_SIZE] = "";

	if (pread(fd, sector, sizeof(sector), MARK_OFFSET) < 0)
		return fail_errno(f, errno, "does the disk work?", "%s: reading it", disk->device);
	disk->marked = !memcmp(sector, mark, sizeof(sector));
	return 0;
}

/* Decides from the signatures whether the disk is blank, ours or foreign. */
static int decide(int fd, struct disk *disk, bool alien, struct failure *f)
{
	int zero;

	disk->kind = DISK_FOREIGN;
	/*
	 * The disk has only our mark or LVM data of our group, so we wrote it. A mark alone does
	 * not prove that: partition tables and LVM leave the mark where it is, so other data may be
	 * newer.
	 */
	if ((disk->member || disk->marked) && !alien)
		disk->kind = DISK_OURS;
	if (disk->found || disk->kind == DISK_OURS)
		return 0;
	zero = is_zero(fd, 0, disk, f);
	if (zero > 0 && disk->size > MIB)
		zero = is_zero(fd, disk->size - MIB, disk, f);
	if (zero < 0)
		return zero;
	if (zero)
		disk->kind = DISK_BLANK;
	else
		disk->found = xstrdup("data of an unknown kind");
	return 0;
}

int disk_probe(const char *device, struct disk *ret, struct failure *f)
{
	auto_close int fd = -1;
	bool alien = false;
	struct stat st;
	int read_only = 0, r;

	*ret = (struct disk){ .device = realpath(device, NULL) };
	if (!ret->device)
		return fail_errno(f, errno, NULL, "%s", device);
	fd = open(ret->device, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail_errno(f, errno, "is there a medium in it?", "%s", device);
	if (fstat(fd, &st) < 0 || !S_ISBLK(st.st_mode))
		return fail(f, ENOTBLK, "name a disk or a partition", "%s: it is no block device",
			    device);
	if (ioctl(fd, BLKGETSIZE64, &ret->size) < 0 || ioctl(fd, BLKROGET, &read_only) < 0)
		return fail_errno(f, errno, NULL, "%s: asking for its size", device);
	ret->read_only = read_only != 0;
	ret->removable = disk_is_removable(st.st_rdev);
	ret->used = disk_user(ret->device, st.st_rdev);
	r = read_mark(fd, ret, f);
	if (r == 0)
		r = find_signatures(fd, ret, &alien, f);
	return r < 0 ? r : decide(fd, ret, alien, f);
}

int disk_mark(const char *device, bool marked, struct failure *f)
{
	auto_close int fd = open(device, O_WRONLY | O_SYNC | O_CLOEXEC);
	char sector[MARK_SIZE] = "";

	if (marked)
		strcpy(sector, MARK);
	/*
	 * Flush the disk's cache first: the mark may be removed only after all other writes are
	 * durable.
	 */
	if (fd < 0 || fsync(fd) < 0 || pwrite(fd, sector, sizeof(sector), MARK_OFFSET) < 0 ||
	    fsync(fd) < 0)
		return fail_errno(f, errno, "does the disk work?", "%s: writing our mark", device);
	return 0;
}

int disk_wipe(const char *device, struct failure *f)
{
	auto_close int fd = open(device, O_RDWR | O_CLOEXEC);
	blkid_probe probe;
	int r = 0;

	if (fd < 0)
		return fail_errno(f, errno, NULL, "%s", device);
	probe = blkid_new_probe();
	if (!probe || blkid_probe_set_device(probe, fd, 0, 0) < 0) {
		blkid_free_probe(probe);
		return fail_errno(f, errno ? errno : ENOMEM, NULL, "%s", device);
	}
	set_probe(probe);
	while (r == 0 && blkid_do_probe(probe) == 0)
		r = blkid_do_wipe(probe, 0);
	blkid_free_probe(probe);
	if (r < 0 || fsync(fd) < 0)
		return fail(f, EIO, "does the disk work?", "%s: wiping what is on it", device);
	/* The ioctl fails with EINVAL for a partition. */
	(void)ioctl(fd, BLKRRPART);
	return 0;
}
