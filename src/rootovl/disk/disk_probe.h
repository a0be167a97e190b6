/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds out what is on a disk, without writing to it. Also writes and removes the mark, which says
 * that we have begun to write.
 *
 * The mark is one sector at byte 2048. LVM looks for its label in the sectors 0 to 3 and begins its
 * metadata at 4096, so the mark survives pvcreate(8). Most other tools overwrite it. The mark is
 * written before everything else, and removed when the disk belongs to the group. So after a power
 * cut at any moment the disk is blank, marked, or in the group.
 */
#pragma once

#include "src/common/failure.h"

#include <stdbool.h>
#include <stdint.h>

enum disk_kind {
	DISK_BLANK,   /* libblkid finds nothing, and the first and last MiB are zeros */
	DISK_OURS,    /* marked, or a physical volume of the group */
	DISK_FOREIGN, /* everything else */
};

struct disk {
	char *device; /* the path, with links resolved */
	enum disk_kind kind;
	bool marked;	/* its preparation began; what is on it and is not LVM's came later, or was
			 * not yet wiped */
	bool member;	/* it is a physical volume of the group */
	char *found;	/* "an ext4 file system labelled x"; NULL: nothing */
	uint64_t size;	/* bytes */
	bool read_only; /* of the device, not of a mount */
	bool removable; /* the kernel says that the medium is removable */
	char *used;	/* "it is mounted on /home"; NULL: nobody has it */
};

/*
 * Reads a disk. Returns 0, or -errno if the disk cannot be read, or if lvm(8) is needed and fails.
 * Data on the disk is no failure. Release `ret` with disk_done() in both cases.
 */
int disk_probe(const char *device, struct disk *ret, struct failure *f);
void disk_done(struct disk *disk);

/* Writes or removes the mark, and waits until that is durable. */
int disk_mark(const char *device, bool marked, struct failure *f);

/* Wipes all signatures that libblkid finds, and makes the kernel forget the partitions. */
int disk_wipe(const char *device, struct failure *f);
