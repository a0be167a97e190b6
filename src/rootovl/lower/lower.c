// SPDX-License-Identifier: GPL-2.0-or-later
/* Mounts the lower, from every kind of source. */
#include "src/rootovl/lower/lower.h"

#include "src/common/files.h"
#include "src/rootovl/lower/check_hints.h"
#include "src/rootovl/lower/lower_device.h"
#include "src/rootovl/lower/lower_live.h"
#include "src/rootovl/lower/lower_nbd.h"
#include "src/rootovl/lower/lower_server.h"
#include "src/rootovl/lower/nbd_root.h"
#include "src/rootovl/lower/verity_root.h"
#include "src/rootovl/machine/unmount.h"
#include "src/rootovl/settings/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <libmount/libmount.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

/*
 * Refuses a mount point that has an overlay already. Another module made it, or an earlier boot
 * that succeeded.
 */
static int check_mounted(const char *sysroot, const char *name, struct failure *f)
{
	struct libmnt_table *table = mnt_new_table_from_file("/proc/self/mountinfo");
	struct libmnt_fs *fs =
		table ? mnt_table_find_target(table, sysroot, MNT_ITER_BACKWARD) : NULL;
	int r = 0;

	if (!fs)
		r = fail(f, ENOENT,
			 "only what systemd mounts there by a sysroot.mount can be a lower; "
			 "see the journal, and rootovl.cmdline(7)",
			 "%s: nothing is mounted on %s", name, sysroot);
	else if (mnt_fs_match_fstype(fs, "overlay"))
		r = fail(f, EBUSY, "leave out the module of the initramfs that makes it",
			 "%s: there is an overlay on %s already", name, sysroot);
	mnt_unref_table(table);
	return r;
}

/*
 * For rootovl.lower=mounted: binds the mount of the image from lower->what to lower->at, read-only,
 * without the mounts below it. The original mount is unchanged.
 */
static int lower_bind_mounted(const struct step_lower *lower, const char *name, struct failure *f)
{
	int r = check_mounted(lower->what, name, f);

	if (r < 0)
		return r;
	if (mount(lower->what, lower->at, NULL, MS_BIND, NULL) < 0)
		return fail_errno(f, errno, NULL, "%s: binding it to %s", name, lower->at);
	/* If both mounts were shared, the overlay on one would appear on the other too. */
	if (mount(NULL, lower->at, NULL, MS_PRIVATE, NULL) == 0 &&
	    mount(NULL, lower->at, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) == 0)
		return 0;
	r = fail_errno(f, errno, NULL, "%s: making it read-only", name);
	unmount_quickly(lower->at);
	return r;
}

static void drop_share(void)
{
	unmount_quickly(RUN_SHARE);
	rmdir(RUN_SHARE);
}

static int mount_inside(struct boot *boot, const struct step_lower *lower, const char *name,
			struct failure *f)
{
	int r = file_make_dirs(RUN_SHARE);

	if (r < 0)
		return fail_errno(f, -r, NULL, "%s", RUN_SHARE);
	r = lower_mount_server(boot, lower, RUN_SHARE, name, f);
	if (r == 0)
		r = lower_take_inside(lower, RUN_SHARE, name, f);
	/* The bind mount or the loop device keeps the share in use as long as needed. */
	drop_share();
	return r;
}

/* The flag of the mount is the kernel's own, so it is checked before the server is asked. */
static bool is_read_only(int fd)
{
	struct statvfs is;

	return (faccessat(fd, ".", W_OK, 0) < 0 && errno == EROFS) ||
	       (fstatvfs(fd, &is) == 0 && (is.f_flag & ST_RDONLY));
}

int lower_open(struct boot *boot, const struct step_lower *lower, const char *name,
	       struct failure *f)
{
	boot->lower = open(lower->at, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (boot->lower < 0 && errno == EACCES) {
		auto_free char *hint = check_hints(lower->source, CHECK_DENIED);

		return fail_errno(f, EACCES, hint, "%s: root may not read its /", name);
	}
	if (boot->lower < 0)
		return fail_errno(f, errno, "the server stopped answering, or refuses to list it",
				  "%s", name);
	if (!is_read_only(boot->lower))
		return fail(f, EROFS, "report this with the kernel's version",
			    "%s: mounted, but not read-only", name);
	return 0;
}

int lower_mount(struct boot *boot, const struct step_lower *lower, const char *name,
		struct failure *f)
{
	int r = file_make_dirs(lower->at);

	if (r < 0)
		return fail_errno(f, -r, NULL, "%s", lower->at);
	if (lower->inside)
		r = mount_inside(boot, lower, name, f);
	else if (lower->source->kind == ROOT_NBD)
		r = lower_mount_nbd(boot, lower, name, f);
	else if (lower->source->kind == ROOT_LIVE)
		r = lower_mount_live(boot, lower, name, f);
	else if (lower->source->kind == ROOT_MOUNTED)
		r = lower_bind_mounted(lower, name, f);
	else if (lower->fstype)
		r = lower_mount_server(boot, lower, lower->at, name, f);
	else
		r = lower_mount_device(boot, lower, name, f);
	return r < 0 ? r : lower_open(boot, lower, name, f);
}

void lower_unmount(struct boot *boot, const struct step_lower *lower)
{
	if (boot->lower >= 0)
		close(steal_fd(&boot->lower));
	unmount_quickly(lower->at);
	verity_root_drop();
	nbd_root_drop();
	if (lower->source->kind == ROOT_LIVE) {
		unmount_quickly(RUN_IMAGE);
		rmdir(RUN_IMAGE);
	}
}
