/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs lvm(8) without udev and without configuration files, which an initramfs does not have. The
 * last line that lvm or mkfs writes to standard error becomes the cause of the failure.
 */
#pragma once

#include "src/common/failure.h"

#include <stdbool.h>
#include <stdint.h>

struct lvm_group {
	unsigned n; /* how many groups have the name; the other members are valid only if it is 1 */
	uint64_t size, free, extent; /* bytes */
};

struct lvm_volume {
	bool exists;
	uint64_t size; /* bytes */
};

/*
 * Runs a program and waits for its end. *ret_output, unless `ret_output` is NULL, gets its standard
 * output, owned by the caller. Returns 0, -ENOENT if the program is missing, or -EIO if it failed;
 * *f then has the program's own words.
 */
int tool_run(const char *const *argv, char **ret_output, struct failure *f);

/* Runs "lvm COMMAND ARGUMENT…"; the list ends with NULL. */
int lvm_run(const char *const *command, struct failure *f);

/*
 * Returns the group of this physical volume: "" if it is in no group, NULL if lvm finds no physical
 * volume. The caller owns the text. The metadata on the disk itself counts first, then that on the
 * other disks of a group. A power cut may happen after only the first of them has the metadata of
 * the extended group. Writes nothing.
 */
int lvm_group_of(const char *device, char **ret, struct failure *f);

/*
 * Reads the current state of the group DISKS_GROUP; ret->n is 0 if there is none. Writes nothing.
 */
int lvm_group_look(struct lvm_group *ret, struct failure *f);

/* Reads a volume of DISKS_GROUP by its name. Writes nothing. */
int lvm_volume_look(const char *name, struct lvm_volume *ret, struct failure *f);
