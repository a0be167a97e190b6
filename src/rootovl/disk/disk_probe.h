/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is on a disk, without writing to it, and the mark that says that we have begun to write.
 *
 * The mark is one sector at byte 2048: LVM looks for its label in the sectors 0 to 3 and begins its
 * metadata at 4096, so the mark outlives pvcreate, and most other tools write over it. It is
 * written before all else and goes when the disk belongs to the group: power lost at any moment
 * leaves a disk that is blank, marked or of the group.
 */
#pragma once

#include "src/common/failure.h"

#include <stdbool.h>
#include <stdint.h>

enum disk_kind {
	DISK_BLANK,   /* nothing that libblkid knows, and the first and last MiB are zeros */
	DISK_OURS,    /* marked, or a physical volume of the group */
	DISK_FOREIGN, /* all else */
};

struct disk {
	char *device; /* the path, without links */
	enum disk_kind kind;
	bool marked;	/* its preparation began; what is on it and is not LVM's came later, or was
			 * not yet wiped */
	bool member;	/* a physical volume of the group */
	char *found;	/* "an ext4 file system labelled x"; NULL: nothing */
	uint64_t size;	/* bytes */
	bool read_only; /* the device, not how it is mounted */
	bool removable; /* the kernel says that its medium can be taken out */
	char *used;	/* "it is mounted on /home"; NULL: nobody has it */
};

/*
 * Looks at a disk. Gives -errno where it cannot be read or lvm(8) is needed and fails; what is on
 * the disk is no failure. `ret` is released by disk_done() in either case.
 */
int disk_probe(const char *device, struct disk *ret, struct failure *f);
void disk_done(struct disk *disk);

/* Writes the mark, or takes it away, and waits until the disk has it so. */
int disk_mark(const char *device, bool marked, struct failure *f);

/* Wipes every signature that libblkid finds, and makes the kernel forget the partitions. */
int disk_wipe(const char *device, struct failure *f);
