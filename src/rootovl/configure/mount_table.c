// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/configure/mount_table.h"

#include "src/common/mem.h"
#include "src/rootovl/configure/fstab_field.h"

#include <string.h>

/* So often binds of binds are followed. */
#define PASSES_MAX 16

/* Directories of the root at its top: below them no disk is mounted. */
static const char *const own_trees[] = {
	"/bin",	  "/boot",   "/dev",  "/efi", "/etc", "/home", "/lib",	"/lib32",
	"/lib64", "/libx32", "/live", "/lkp", "/opt", "/proc", "/root", "/run",
	"/sbin",  "/srv",    "/sys",  "/tmp", "/usr", "/var",
};

/* Nothing that may take long is mounted below these, … */
static const char *const needed_trees[] = {
	"/bin",	 "/dev", "/etc",  "/lib", "/lib32", "/lib64", "/libx32",
	"/live", "/lkp", "/proc", "/run", "/sbin",  "/sys",
};

/* … nor on these: units of the root wait for them (RequiresMountsFor= in systemd.unit(5)). */
static const char *const needed[] = {
	"/boot",      "/tmp", "/usr",	    "/usr/bin", "/usr/lib", "/usr/lib64", "/usr/sbin",
	"/usr/share", "/var", "/var/cache", "/var/lib", "/var/log", "/var/spool", "/var/tmp",
};

/* What lies in these is no payload. */
static const char *const passing_trees[] = { "/dev", "/proc", "/run", "/sys", "/tmp", "/var/tmp" };

static bool is_below(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	return strncmp(path, dir, len) == 0 && (path[len] == '\0' || path[len] == '/');
}

static bool is_below_any(const char *path, const char *const *dirs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_below(path, dirs[i]))
			return true;
	return false;
}
#define IS_BELOW_ANY(path, dirs) is_below_any(path, dirs, ARRAY_SIZE(dirs))

static bool is_needed(const char *dir)
{
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++)
		if (strcmp(dir, needed[i]) == 0)
			return true;
	return IS_BELOW_ANY(dir, needed_trees);
}

struct mount_table *mount_table_new(void)
{
	return xcalloc(1, sizeof(struct mount_table));
}

void mount_table_cleanup(struct mount_table **ref)
{
	struct mount_table *table = *ref;

	for (size_t i = 0; i < table->n; i++) {
		free(table->entries[i].source);
		free(table->entries[i].dir);
		free(table->entries[i].options);
		free(table->entries[i].unit);
		free(table->entries[i].out);
	}
	strv_free(table->lost);
	free(table);
}

/*
 * Returns a directory that an overlay's contents lie in: its upper one, or else the first lower
 * one. NULL if the options name none.
 */
static char *overlay_source(const char *options)
{
	static const char *const names[] = { "upperdir=", "lowerdir=" };
	auto_strv char **list = strv_split(options, ",");

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		for (char **option = list; option && *option; option++)
			if (!strncmp(*option, names[i], strlen(names[i]))) {
				const char *path = *option + strlen(names[i]);

				return xstrndup(path, strcspn(path, ":"));
			}
	return NULL;
}

struct mount_entry *mount_table_add(struct mount_table *table, const char *source, const char *dir,
				    const char *type, const char *options)
{
	struct mount_entry *entry = &table->entries[table->n];
	auto_free char *layer = strcmp(type, "overlay") == 0 ? overlay_source(options) : NULL;

	if (table->n == MOUNTS_MAX)
		return NULL;
	table->n++;
	*entry = (struct mount_entry){
		.source = fstab_field_unescape(layer ? layer : source),
		.options = xstrdup(options),
	};
	entry->kind = layer ? MOUNT_OWN : mount_kind_of(entry->source, dir, type, options);
	if (entry->kind == MOUNT_SWAP) {
		entry->dir = xstrdup("swap");
	} else {
		auto_free char *plain = fstab_field_unescape(dir);

		entry->dir = fstab_field_path(plain);
	}
	return entry;
}

/* The mount that the source of another lies on; NULL: it is of the root itself. */
static const struct mount_entry *place_of(const struct mount_table *table,
					  const struct mount_entry *entry)
{
	auto_free char *source = fstab_field_path(entry->source);
	const struct mount_entry *best = NULL;

	for (size_t i = 0; i < table->n; i++) {
		const struct mount_entry *one = &table->entries[i];

		if (one != entry && one->kind != MOUNT_SWAP && strcmp(one->dir, "/") != 0 &&
		    is_below(source, one->dir) && (!best || strlen(one->dir) > strlen(best->dir)))
			best = one;
	}
	return best;
}

static char *why_out(const struct mount_table *table, const struct mount_entry *entry)
{
	const char *dir = entry->dir;

	if (entry->kind == MOUNT_SWAP)
		return xstrdup("swap");
	if (strcmp(dir, "/") == 0)
		return xstrdup("the root is here already");
	if (strv_has(table->lost, entry->source))
		return xstrdup("its device is put out of action");
	if (entry->kind == MOUNT_DISK && IS_BELOW_ANY(dir, own_trees))
		return xstrdup("a disk on a directory of the root's own");
	if (entry->kind == MOUNT_DISK && entry->unit)
		return xstrdup("a unit that waits for a disk");
	if (entry->kind == MOUNT_NETWORK && is_needed(dir))
		return xstrdup("the root's units wait for this directory");
	if (!IS_BELOW_ANY(dir, passing_trees) && table->hides && table->hides(table->arg, dir))
		return xstrdup("it would hide files of the upper, such as the payload's");
	return NULL;
}

/* A bind of what lies elsewhere is as that is. Returns whether anything was learned. */
static bool judge_own(const struct mount_table *table, struct mount_entry *entry)
{
	const struct mount_entry *place = place_of(table, entry);

	if (!place || entry->out)
		return false;
	if (place->out) {
		entry->out =
			xasprintf("its source is on %s, which is put out of action", place->dir);
		return true;
	}
	if (place->kind != MOUNT_DISK && place->kind != MOUNT_NETWORK)
		return false;
	entry->kind = place->kind;
	entry->bound = true;
	entry->out = why_out(table, entry);
	return true;
}

void mount_table_judge(struct mount_table *table)
{
	bool more = true;

	for (size_t i = 0; i < table->n; i++)
		if (!table->entries[i].out)
			table->entries[i].out = why_out(table, &table->entries[i]);
	for (int pass = 0; more && pass < PASSES_MAX; pass++) {
		more = false;
		for (size_t i = 0; i < table->n; i++)
			if (table->entries[i].kind == MOUNT_OWN)
				more |= judge_own(table, &table->entries[i]);
	}
}

bool mount_is_expected(const struct mount_entry *entry)
{
	return !entry->unit && (entry->kind == MOUNT_SWAP || strcmp(entry->dir, "/") == 0);
}
