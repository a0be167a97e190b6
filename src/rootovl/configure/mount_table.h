/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mounts of a root's own fstab(5) and units, and which of them are disabled on a machine that
 * the root was not written for (docs/design/mounts.md). Pure.
 */
#pragma once

#include "src/rootovl/configure/mount_kind.h"

#include <stdbool.h>
#include <stddef.h>

/* The maximum number of mounts; a root with more is refused. */
#define MOUNTS_MAX 1024

struct mount_entry {
	char *source;
	char *dir; /* without ".", ".." and double slashes; swap: as it is written */
	char *options;
	char *unit; /* the path of its unit's file; NULL: a line of fstab */
	enum mount_kind kind;
	bool bound; /* the kind is that of what its source lies on */
	char *out;  /* why the mount is disabled; NULL if it is not */
};

struct mount_table {
	struct mount_entry entries[MOUNTS_MAX];
	size_t n;
	char **lost; /* devices that cannot appear, as /dev/mapper/NAME; owned by the table */
	/*
	 * Returns whether a mount on this directory would hide files from the job. If this is NULL,
	 * no mount does.
	 */
	bool (*hides)(void *arg, const char *dir);
	void *arg;
};

struct mount_table *mount_table_new(void);
void mount_table_cleanup(struct mount_table **table);
#define auto_mount_table __attribute__((cleanup(mount_table_cleanup)))

/*
 * Adds a mount; `options` may be "". The texts are copied, with the escapes of fstab(5) in them
 * undone. Returns it, or NULL where there are MOUNTS_MAX already.
 */
struct mount_entry *mount_table_add(struct mount_table *table, const char *source, const char *dir,
				    const char *type, const char *options);

/* Finds what each mount depends on, and decides whether to disable it. */
void mount_table_judge(struct mount_table *table);

/*
 * Returns whether no user needs this mount. Every installed system has / and swap in its fstab, and
 * rootovl provides both in another way.
 */
bool mount_is_expected(const struct mount_entry *entry);
