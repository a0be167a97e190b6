// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/configure/mount_units.h"

#include "src/common/mem.h"
#include "src/rootovl/configure/unit_file.h"
#include "src/rootovl/configure/unit_value.h"

#include <errno.h>
#include <string.h>

#define NAMES_MAX_DIR 4096

/* The source of a unit that mounts nothing. */
#define NOTHING "rootovl"

#define MADE	"# made by rootovl: " /* the beginning of each file */
#define DROP_IN ".d/rootovl.conf"
#define MASK	"/dev/null"
#define OWN_MAX 4096 /* bytes; no file of ours is larger, but for the reason in it */

/* Where units come from besides. The last is the one before it where /usr is merged. */
static const char *const vendor_dirs[] = { "/usr/local/lib/systemd/system",
					   "/usr/lib/systemd/system", "/lib/systemd/system" };

/* Those of the distributions mount no disks. */
static const char *const kernel_units[] = { "dev-", "proc-", "run-", "sys-", "tmp." };

static bool ends_in(const char *name, const char *end)
{
	size_t len = strlen(name), n = strlen(end);

	return len > n && strcmp(name + len - n, end) == 0;
}

static bool is_kernel_unit(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(kernel_units); i++)
		if (strncmp(name, kernel_units[i], strlen(kernel_units[i])) == 0)
			return true;
	return false;
}

static int fail_unit(struct failure *f, int code, const char *path)
{
	return fail_errno(f, code, "correct it, or boot with rootovl.fstab=keep", "%s", path);
}

/* A unit that is a mask, or that has no file of its own, starts nothing. */
static int read_unit(struct newroot *nr, struct mount_table *table, const char *dir,
		     const char *name, struct failure *f)
{
	auto_free char *path = xasprintf("%s/%s", dir, name), *what = NULL, *where = NULL;
	auto_free char *type = NULL, *options = NULL;
	auto_unit struct unit unit = { .name = NULL };
	bool swap = ends_in(name, ".swap");
	struct mount_entry *mount;
	int r;

	/* What the payload brings is meant for this machine, as the folder of a job's results. */
	if (!newroot_is_lower_file(nr, path))
		return 0;
	r = unit_load(nr, name, &unit);
	if (r == -ENOENT || r == -EPERM || r == -EACCES || r == -ELOOP || r == -EINVAL ||
	    r == -EISDIR || r == -ENOTDIR)
		return 0;
	if (r < 0)
		return fail_unit(f, -r, path);
	what = unit_value(unit.text, swap ? "Swap" : "Mount", "What");
	where = swap ? xstrdup("swap") : unit_value(unit.text, "Mount", "Where");
	type = unit_value(unit.text, "Mount", "Type");
	options = unit_value(unit.text, "Mount", "Options");
	if (!what || !where || strcmp(what, NOTHING) == 0)
		return 0;
	mount = mount_table_add(table, what, where,
				swap   ? "swap"
				: type ? type
				       : "",
				options ? options : "");
	if (!mount)
		return fail_unit(f, E2BIG, path);
	mount->unit = STEAL(path);
	return 0;
}

/* Is it a unit of interest? */
static bool is_mounting(const char *name, bool vendor)
{
	bool mount = ends_in(name, ".mount");

	return (mount || ends_in(name, ".swap")) && !(vendor && mount && is_kernel_unit(name));
}

static int read_dir(struct newroot *nr, char *const *wanted, struct mount_table *table,
		    const char *dir, struct failure *f)
{
	bool vendor = strcmp(dir, UNIT_DIR) != 0;
	auto_strv char **names = NULL;
	int r = newroot_names(nr, dir, NAMES_MAX_DIR, &names);

	if (r == -ENOENT || r == -ENOTDIR || r == -ELOOP)
		return 0;
	if (r < 0)
		return fail_unit(f, -r, dir);
	for (char **name = names; r == 0 && name && *name; name++)
		if (is_mounting(*name, vendor) && !strv_has(wanted, *name))
			r = read_unit(nr, table, dir, *name, f);
	return r;
}

int mount_units_read(struct newroot *nr, char *const *wanted, struct mount_table *table,
		     struct failure *f)
{
	auto_free char *merged = NULL;
	size_t n = ARRAY_SIZE(vendor_dirs);
	int r = read_dir(nr, wanted, table, UNIT_DIR, f);

	if (newroot_readlink(nr, "/lib", &merged) == 0)
		n--;
	for (size_t i = 0; r == 0 && i < n; i++)
		r = read_dir(nr, wanted, table, vendor_dirs[i], f);
	return r;
}

static const char *name_of(const struct mount_entry *mount)
{
	return strrchr(mount->unit, '/') + 1;
}

static int write_unit(struct newroot *nr, const char *name, const char *text, struct failure *f)
{
	auto_free char *path = xasprintf(UNIT_DIR "/%s", name);

	return newroot_write(nr, path, text, strlen(text), 0644, f);
}

/*
 * What the unit would do on being reached is its mount, which is gone. Without it the kernel has
 * a place where every look hangs, or fails.
 */
static int write_automount(struct newroot *nr, const struct mount_entry *mount, struct failure *f)
{
	const char *name = name_of(mount);
	auto_free char *automount =
		xasprintf("%.*s.automount", (int)(strrchr(name, '.') - name), name);
	auto_free char *text =
		xasprintf(MADE "what it mounts is put out of action\n"
			       "[Unit]\nDefaultDependencies=no\nConditionPathExists=!/\n"
			       "[Automount]\nWhere=%s\n",
			  mount->dir);

	return unit_find(nr, automount) == 0 ? write_unit(nr, automount, text, f) : 0;
}

/*
 * A mask would fail the units that require it, and so would a device that never comes: this one
 * waits for nothing, and its start succeeds. For swap there is no such unit.
 */
static int write_nothing(struct newroot *nr, const struct mount_entry *mount, struct failure *f)
{
	auto_free char *path = xasprintf(UNIT_DIR "/%s", name_of(mount)), *text = NULL;
	int r;

	if (mount->kind == MOUNT_SWAP) {
		auto_free char *mark = xasprintf("%s" DROP_IN, name_of(mount));

		r = write_unit(nr, mark, MADE "the mask is too\n", f);
		return r < 0 ? r : newroot_symlink(nr, MASK, path, f);
	}
	text = xasprintf(MADE "%s\n"
			      "[Unit]\nDescription=Put out of action by rootovl\n"
			      "DefaultDependencies=no\nConditionPathExists=!/\n"
			      "[Mount]\nWhat=" NOTHING "\nWhere=%s\n",
			 mount->out, mount->dir);
	r = write_unit(nr, name_of(mount), text, f);
	return r < 0 ? r : write_automount(nr, mount, f);
}

/* Without its default dependencies no target of the boot waits for it. */
static int write_drop_in(struct newroot *nr, const struct mount_entry *mount, struct failure *f)
{
	auto_free char *name = xasprintf("%s" DROP_IN, name_of(mount));

	return write_unit(nr, name,
			  MADE "the boot does not wait for a server\n"
			       "[Unit]\nDefaultDependencies=no\nWants=network-online.target\n"
			       "After=network-online.target remote-fs-pre.target\n"
			       "Conflicts=umount.target\nBefore=umount.target\n",
			  f);
}

int mount_units_write(struct newroot *nr, const struct mount_table *table, struct failure *f)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < table->n; i++) {
		const struct mount_entry *mount = &table->entries[i];

		if (mount->unit && mount->out)
			r = write_nothing(nr, mount, f);
		else if (mount->unit && mount->kind == MOUNT_NETWORK)
			r = write_drop_in(nr, mount, f);
	}
	return r;
}

/* Returns whether an earlier boot wrote this file into the upper. */
static bool is_ours(struct newroot *nr, const char *path)
{
	auto_free char *text = NULL;
	struct stat st;
	size_t len;

	return newroot_stat(nr, path, false, &st) == 0 && S_ISREG(st.st_mode) &&
	       !newroot_is_lower_file(nr, path) &&
	       newroot_read(nr, path, OWN_MAX, &text, &len) == 0 &&
	       strncmp(text, MADE, strlen(MADE)) == 0;
}

static int forget(struct newroot *nr, const char *name, const char *behind, struct failure *f)
{
	auto_free char *path = xasprintf(UNIT_DIR "/%s%s", name, behind);

	return is_ours(nr, path) ? newroot_forget(nr, path, f) : 0;
}

/* Removes a mask of an earlier boot. The drop-in beside it tells it from a mask of the job. */
static int forget_mask(struct newroot *nr, const char *folder, struct failure *f)
{
	auto_free char *mark = xasprintf(UNIT_DIR "/%s/rootovl.conf", folder);
	auto_free char *path = xstrndup(mark, strlen(UNIT_DIR "/") + strlen(folder) - 2);
	auto_free char *target = NULL;
	int r = 0;

	if (!is_ours(nr, mark))
		return 0;
	if (newroot_readlink(nr, path, &target) == 0 && strcmp(target, MASK) == 0)
		r = newroot_forget(nr, path, f);
	return r < 0 ? r : newroot_forget(nr, mark, f);
}

int mount_units_forget(struct newroot *nr, struct failure *f)
{
	auto_strv char **names = NULL;
	int r = newroot_names(nr, UNIT_DIR, NAMES_MAX_DIR, &names);

	if (r < 0)
		return 0; /* mount_units_read() tells what is wrong */
	for (char **name = names; r == 0 && name && *name; name++) {
		if (ends_in(*name, ".mount") || ends_in(*name, ".automount"))
			r = forget(nr, *name, "", f);
		else if (ends_in(*name, ".mount.d"))
			r = forget(nr, *name, "/rootovl.conf", f);
		else if (ends_in(*name, ".swap.d"))
			r = forget_mask(nr, *name, f);
	}
	return r;
}
