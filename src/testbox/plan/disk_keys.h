/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keys by which host files and jobs of Compass-CI and LKP say what disks there are:
 * rootfs_disk, hdd_partitions, ssd_partitions, swap_partitions, rootfs_partition, nr_hdd_partitions
 * and nr_ssd_partitions. As Compass-CI's providers/qemu/kvm.sh makes of them, /dev/vda is for
 * rootfs_disk=, and each partition is one disk more. Pure.
 */
#pragma once

#include "src/common/failure.h"

#include <stdbool.h>
#include <stddef.h>

struct disk_keys {
	unsigned rootfs, hdd, ssd, swap, partition; /* how many names each list has */
	unsigned nr_hdd, nr_ssd;		    /* where said, they count in place of names */
	bool nr_hdd_said, nr_ssd_said;
	unsigned highest; /* of the names /dev/vdX: 1 for /dev/vda; 0: there is none */
};

/* The names of the keys; NULL behind the last. */
const char *disk_keys_nth(size_t i);

/*
 * Takes up what a key says; the names of a list are separated by blanks. Gives 1, 0 where the key
 * says nothing of disks, or -EINVAL.
 */
int disk_keys_take(struct disk_keys *keys, const char *key, const char *value, struct failure *f);

/* How many disks a machine has for them, /dev/vda and those behind it; 0: none is asked for. */
unsigned disk_keys_count(const struct disk_keys *keys);

/* The number of the disk that a name such as /dev/vdb or /dev/vdb1 is on, from 1; 0: no such name.
 */
unsigned disk_keys_number(const char *name);
