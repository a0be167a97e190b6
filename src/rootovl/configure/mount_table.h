/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a root mounts by itself, of its fstab(5) and its units, and which of it is put out of action
 * on another machine than it was written for (docs/design/mounts.md). Pure.
 */
#pragma once

#include "src/rootovl/configure/mount_kind.h"

#include <stdbool.h>
#include <stddef.h>

/* As many mounts are looked at; a root with more is refused. */
#define MOUNTS_MAX 1024

struct mount_entry {
	char *source;
	char *dir; /* without ".", ".." and double slashes; swap: as it is written */
	char *options;
	char *unit; /* the path of its unit's file; NULL: a line of fstab */
	enum mount_kind kind;
	bool bound; /* the kind is that of what its source lies on */
	char *out;  /* why it is put out of action; NULL: it is not */
};

struct mount_table {
	struct mount_entry entries[MOUNTS_MAX];
	size_t n;
	char **lost; /* a list of devices that cannot come, as /dev/mapper/NAME; the table's own */
	/* Are there files that a mount on this directory would hide from the job? NULL: none are.
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

/* Says of each mount what it hangs on, and whether it is put out of action. */
void mount_table_judge(struct mount_table *table);

/*
 * Would nobody miss it? The root itself and swap are in the fstab of every installed system, and a
 * boot by rootovl has both in another way.
 */
bool mount_is_expected(const struct mount_entry *entry);
