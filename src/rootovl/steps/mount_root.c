// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The step "mount root": the overlay on /sysroot.
 * Runs last, and is the only step that touches /sysroot. Needs both layers, complete. Leaves the
 * root that systemd switches to.
 */
#include "src/rootovl/steps/mount_root.h"

#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/configure/kept_files.h"
#include "src/rootovl/machine/mount_causes.h"
#include "src/rootovl/plan/plan.h"
#include "src/rootovl/settings/paths.h"

#include <errno.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

/*
 * Refuses another mount on /sysroot. With rootovl.lower=mounted the lower is mounted there, and
 * stays below the overlay.
 */
static int refuse_other(const struct boot *boot, const char *sysroot, struct failure *f)
{
	struct stat here, lower;

	if (stat(sysroot, &here) < 0 || fstat(boot->lower, &lower) < 0)
		return fail_errno(f, errno, NULL, "%s", sysroot);
	if (here.st_dev != lower.st_dev || here.st_ino != lower.st_ino)
		return fail(f, EBUSY, "which module of the initramfs changes it?",
			    "%s is not the lower any more", sysroot);
	return 0;
}

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
	const struct step_root *root = &step->root;
	int r = boot->plan->settings.root.kind == ROOT_MOUNTED ? refuse_other(boot, root->at, f)
							       : refuse_mounted(root->at, f);

	if (r == 0 && boot->plan->settings.persist)
		r = kept_files_after(boot->newroot, f);
	if (r < 0)
		return r;
	for (const char *const *row = root->options; *row; row++) {
		auto_free char *options =
			xasprintf("lowerdir=" RUN_LOWER ",upperdir=" RUN_UPPER "/" UPPER_RW
				  ",workdir=" RUN_UPPER "/" UPPER_WORK "%s%s",
				  **row ? "," : "", *row);

		r = mount("overlay", root->at, "overlay", 0, options) < 0 ? -errno : 0;
		if (r != -EINVAL)
			break;
		log_line(LOG_NOTICE, "overlay: this kernel refuses \"%s\"", *row);
	}
	if (r < 0)
		return mount_causes_fail(f, "overlay", -r, "overlay on %s", root->at);
	return 0;
}
