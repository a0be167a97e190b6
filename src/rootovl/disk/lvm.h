/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asking and running lvm(8), without udev's help and without files of its own: nobody writes those
 * in an initramfs. What lvm and mkfs say on standard error is kept, and its last line becomes the
 * cause of the failure.
 */
#pragma once

#include "src/common/failure.h"

#include <stdbool.h>
#include <stdint.h>

struct lvm_group {
	unsigned n; /* how many groups have the name; all else is only good if it is one */
	uint64_t size, free, extent; /* bytes */
};

struct lvm_volume {
	bool exists;
	uint64_t size; /* bytes */
};

/*
 * Runs a program to its end. What it wrote to standard output is the caller's; `ret_output` may be
 * NULL. -ENOENT: it is not there; -EIO: it failed, and f says so in its own words.
 */
int tool_run(const char *const *argv, char **ret_output, struct failure *f);

/* Runs "lvm COMMAND ARGUMENT…"; the list ends with NULL. */
int lvm_run(const char *const *command, struct failure *f);

/*
 * Which group does this physical volume belong to? "" for one of none, NULL for what is no physical
 * volume that lvm can read; the caller's. What the disk itself says counts; where it says nothing,
 * what the other disks of a group say of it: power may be lost when the first of them has been told
 * that a group has grown. Writes nothing.
 */
int lvm_group_of(const char *device, char **ret, struct failure *f);

/* The group DISKS_GROUP as it is now; n is 0 where there is none. Writes nothing. */
int lvm_group_look(struct lvm_group *ret, struct failure *f);

/* A volume of DISKS_GROUP by its name. Writes nothing. */
int lvm_volume_look(const char *name, struct lvm_volume *ret, struct failure *f);
