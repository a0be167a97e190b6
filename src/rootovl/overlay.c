// SPDX-License-Identifier: GPL-2.0-or-later
/* Mounting the overlay on /sysroot: the only step that touches it, and the last. */
#include "steps.h"

#include "common/log.h"
#include "common/mem.h"
#include "paths.h"

#include <errno.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

/*
 * From the most wanted to the plainest; a kernel that refuses an option gets the next row
 * (Documentation/filesystems/overlayfs.rst). redirect_dir: a rename of a directory of the lower
 * would else be EXDEV, which dpkg cannot stand. index and nfs_export need file handles that CIFS
 * and NFS lowers do not have.
 */
static const char *const option_rows[] = {
	",redirect_dir=on,index=off,nfs_export=off",
	",redirect_dir=on",
	"",
};

static int refuse_mounted(const char *sysroot, struct failure *f)
{
	struct stat here, above;
	auto_free char *parent = xasprintf("%s/..", sysroot);

	if (stat(sysroot, &here) < 0 || stat(parent, &above) < 0)
		return fail_errno(f, errno, "the initramfs must have this directory", "%s",
				  sysroot);
	if (here.st_dev != above.st_dev)
		return fail(f, EBUSY,
			    "another module of the initramfs mounts the root: leave it out",
			    "something is mounted on %s already", sysroot);
	return 0;
}

int step_mount_root(struct boot *boot, const struct step *step, struct failure *f)
{
	int r = refuse_mounted(step->sysroot, f);

	(void)boot;
	if (r < 0)
		return r;
	for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++) {
		auto_free char *options =
			xasprintf("lowerdir=" RUN_LOWER ",upperdir=" RUN_UPPER "/" UPPER_RW
				  ",workdir=" RUN_UPPER "/" UPPER_WORK "%s",
				  option_rows[i]);

		r = mount("overlay", step->sysroot, "overlay", 0, options) < 0 ? -errno : 0;
		if (r != -EINVAL)
			break;
		log_line(LOG_NOTICE, "overlay: this kernel refuses \"%s\"", option_rows[i]);
	}
	if (r < 0)
		return fail_errno(f, -r, "the kernel's log says what the overlay cannot use",
				  "overlay on %s", step->sysroot);
	return 0;
}
