// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/configure/mounts.h"

#include "src/common/mem.h"
#include "src/common/one_line.h"
#include "src/rootovl/configure/crypttab.h"
#include "src/rootovl/configure/fstab.h"
#include "src/rootovl/configure/mount_units.h"

#include <errno.h>
#include <string.h>

#define FSTAB		 "/etc/fstab"
#define FSTAB_SIZE_MAX	 ((size_t)1 << 20)
#define VOLUMES_SIZE_MAX ((size_t)1 << 16)
#define TOLD_MAX	 100 /* more than this are reported as a number */

/* The tables of volumes, whose devices are /dev/mapper/NAME. */
static const char *const volume_tables[] = { "/etc/crypttab", "/etc/veritytab",
					     "/etc/integritytab" };

static const char hint[] = "correct it, or boot with rootovl.fstab=keep";

/* Reads a text file of the root. *ret is NULL if the file does not exist. */
static int read_text(struct newroot *nr, const char *path, size_t max, char **ret, struct stat *st,
		     struct failure *f)
{
	auto_free char *text = NULL;
	size_t len;
	int r = newroot_read(nr, path, max, &text, &len);

	if (r == -ENOENT)
		return 0;
	if (r == 0)
		r = newroot_stat(nr, path, true, st);
	if (r < 0)
		return fail_errno(f, -r, hint, "%s", path);
	if (strlen(text) != len)
		return fail(f, EINVAL, hint, "%s: it is no text", path);
	*ret = STEAL(text);
	return 0;
}

static void tell(struct mounts_out *out, const char *file, const char *name, const char *why)
{
	size_t told = strv_len(out->told);

	if (told < TOLD_MAX)
		strv_add(&out->told, one_line(xasprintf("%s: %.200s: %s", file, name, why)));
	else if (told == TOLD_MAX)
		strv_add(&out->told, xstrdup("and more"));
}

static void miss(struct mounts_out *out, const char *name)
{
	if (strv_len(out->missed) < TOLD_MAX)
		strv_add(&out->missed, one_line(xasprintf("%.200s", name)));
}

/* What cannot be read starts nothing in the root either, as a file that only root may read. */
static bool is_useless(int r)
{
	return r == -EACCES || r == -EPERM || r == -EISDIR || r == -EINVAL || r == -ELOOP ||
	       r == -ENOTDIR;
}

/* Puts the volumes of one table out of action. */
static int stop_volumes(struct newroot *nr, const char *path, struct mount_table *table,
			struct mounts_out *out, struct failure *f)
{
	auto_free char *text = NULL, *safe = NULL;
	auto_strv char **names = NULL;
	struct stat st;
	int r = read_text(nr, path, VOLUMES_SIZE_MAX, &text, &st, f);

	if (is_useless(r))
		failure_done(f);
	if (!text)
		return is_useless(r) ? 0 : r;
	if (crypttab_safe_text(text, &names, &safe) < 0)
		return fail_errno(f, ENOMEM, NULL, "%s", path);
	for (char **name = names; name && *name; name++) {
		strv_add(&table->lost, xasprintf("/dev/mapper/%s", *name));
		tell(out, path, *name, "it waits for a disk");
		miss(out, *name);
	}
	return safe ? newroot_replace(nr, path, safe, strlen(safe), &st, f) : 0;
}

static int write_fstab(struct newroot *nr, char *text, size_t first,
		       const struct mount_table *table, const struct stat *st, struct failure *f)
{
	auto_free char *safe = NULL;

	if (fstab_safe_text(text, table, first, &safe) < 0)
		return fail_errno(f, ENOMEM, NULL, FSTAB);
	/* As it is, too: systemd reads it again, and again in the root, and asks no server then. */
	if (!safe && !newroot_is_lower_file(nr, FSTAB))
		return 0;
	if (safe)
		text = safe;
	return newroot_replace(nr, FSTAB, text, strlen(text), st, f);
}

static void tell_all(const struct mount_table *table, struct mounts_out *out)
{
	for (size_t i = 0; i < table->n; i++) {
		const struct mount_entry *mount = &table->entries[i];
		auto_free char *name = NULL;

		if (!mount->out)
			continue;
		/* The source of a server's folder may have a password in it. */
		name = mount->kind == MOUNT_DISK || mount->kind == MOUNT_SWAP
			       ? xasprintf("%s on %s", mount->source, mount->dir)
			       : xstrdup(mount->dir);
		tell(out, mount->unit ? mount->unit : FSTAB, name, mount->out);
		if (!mount_is_expected(mount))
			miss(out, mount->kind == MOUNT_SWAP ? mount->source : mount->dir);
	}
}

static bool hides_payload(void *arg, const char *dir)
{
	return newroot_upper_fills(arg, dir);
}

int mounts_make_safe(struct newroot *nr, char *const *wanted, bool kept, struct mounts_out *ret,
		     struct failure *f)
{
	auto_mount_table struct mount_table *table = mount_table_new();
	auto_free char *text = NULL;
	struct stat st;
	size_t first;
	int r = 0;

	*ret = (struct mounts_out){ 0 };
	/* In an upper that was kept there are files of earlier boots too, of what was not mounted.
	 */
	table->hides = kept ? NULL : hides_payload;
	table->arg = nr;
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(volume_tables); i++)
		r = stop_volumes(nr, volume_tables[i], table, ret, f);
	if (r == 0)
		r = mount_units_read(nr, wanted, table, f);
	first = table->n;
	if (r == 0)
		r = read_text(nr, FSTAB, FSTAB_SIZE_MAX, &text, &st, f);
	if (r == 0 && text && fstab_read(text, table) < 0)
		r = fail(f, E2BIG, hint, FSTAB ": more than %d mounts", MOUNTS_MAX);
	if (r < 0)
		return r;
	mount_table_judge(table);
	tell_all(table, ret);
	r = mount_units_write(nr, table, f);
	return r < 0 || !text ? r : write_fstab(nr, text, first, table, &st, f);
}

void mounts_out_done(struct mounts_out *out)
{
	strv_free(out->told);
	strv_free(out->missed);
}
