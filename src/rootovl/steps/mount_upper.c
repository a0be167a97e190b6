// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The step "mount upper": what takes the writes, on RUN_UPPER: a directory of a disk, or a tmpfs of
 * its own, never a share of /run, which systemd caps.
 * Runs after "check lower". Needs boot->newroot, and the disk or enough memory. Leaves the mounts
 * of RUN_UPPER and RUN_DISK, and boot->upper, from now on the upper layer of boot->newroot.
 */
#include "src/rootovl/steps/mount_upper.h"

#include "src/common/files.h"
#include "src/rootovl/configure/kept_files.h"
#include "src/rootovl/configure/mount_units.h"
#include "src/rootovl/disk/upper_disk.h"
#include "src/rootovl/newroot/newroot.h"
#include "src/rootovl/plan/plan_print.h"
#include "src/rootovl/report/report.h"
#include "src/rootovl/settings/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

/* Creates a directory for the overlay: its upper layer or its work directory. */
static int make_layer(int upper, const char *name)
{
	/* A kept upper has these directories already. */
	return mkdirat(upper, name, 0755) < 0 && errno != EEXIST ? -1 : 0;
}

static int make_layers(struct boot *boot, int upper, struct failure *f)
{
	if (make_layer(upper, UPPER_RW) < 0 || make_layer(upper, UPPER_WORK) < 0)
		return fail_errno(f, errno, "raise rootovl.size= or rootovl.inodes=",
				  "the upper's directories rw and work");
	boot->upper = openat(upper, UPPER_RW, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (boot->upper < 0)
		return fail_errno(f, errno, NULL, "the upper's directory rw");
	return 0;
}

static void report_upper(struct boot *boot, const struct step *step, int upper)
{
	struct boot_result *result = boot->result;
	struct statvfs vfs;

	if (fstatvfs(upper, &vfs) < 0)
		return;
	result->upper = plan_step_object(boot->plan, step);
	result->upper_bytes = (uint64_t)vfs.f_blocks * vfs.f_frsize;
	report_set(boot->report, "upper", "what", result->upper);
	report_set_number(boot->report, "upper", "bytes", result->upper_bytes);
	report_set_number(boot->report, "upper", "inodes", vfs.f_files);
}

static int mount_tmpfs(const struct step_upper *upper, struct failure *f)
{
	if (mount("rootovl", upper->at, "tmpfs", 0, upper->options) < 0)
		return fail_errno(f, errno,
				  "check rootovl.size= and rootovl.inodes=", "tmpfs on %s with %s",
				  upper->at, upper->options);
	return 0;
}

int step_mount_upper(struct boot *boot, const struct step *step, struct failure *f)
{
	const struct step_upper *upper = &step->upper;
	auto_close int dir = -1;
	int r = file_make_dirs(upper->at);

	if (r < 0)
		return fail_errno(f, -r, NULL, "%s", upper->at);
	r = upper->device ? upper_mount_disk(boot, upper, f) : mount_tmpfs(upper, f);
	if (r < 0)
		return r;
	dir = open(upper->at, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return fail_errno(f, errno, NULL, "%s", upper->at);
	r = make_layers(boot, dir, f);
	if (r < 0)
		return r;
	report_upper(boot, step, dir);
	r = newroot_set_upper(boot->newroot, boot->upper, f);
	if (r == 0 && upper->persist)
		r = kept_files_restore(boot->newroot, f);
	return r == 0 && upper->persist ? mount_units_forget(boot->newroot, f) : r;
}
