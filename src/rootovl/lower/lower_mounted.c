// SPDX-License-Identifier: GPL-2.0-or-later
/* rootovl.lower=mounted: the lower is what the image itself has mounted on /sysroot. */
#include "src/rootovl/lower/lower_mounted.h"

#include "src/rootovl/machine/unmount.h"

#include <errno.h>
#include <libmount/libmount.h>
#include <sys/mount.h>

/* An overlay there is another module's, or of a boot that went well: not one more on top of it. */
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

int lower_bind_mounted(const struct step_lower *lower, const char *name, struct failure *f)
{
	int r = check_mounted(lower->what, name, f);

	if (r < 0)
		return r;
	if (mount(lower->what, lower->at, NULL, MS_BIND, NULL) < 0)
		return fail_errno(f, errno, NULL, "%s: binding it to %s", name, lower->at);
	/* Of two shared mounts, the overlay on one would appear on the other too. */
	if (mount(NULL, lower->at, NULL, MS_PRIVATE, NULL) == 0 &&
	    mount(NULL, lower->at, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) == 0)
		return 0;
	r = fail_errno(f, errno, NULL, "%s: making it read-only", name);
	unmount_quickly(lower->at);
	return r;
}
