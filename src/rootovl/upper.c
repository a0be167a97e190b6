// SPDX-License-Identifier: GPL-2.0-or-later
/* Mounting the upper: a tmpfs of its own, never a share of /run, which systemd caps at 20 %. */
#include "steps.h"

#include "common/files.h"
#include "paths.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

/* What the overlay takes: its upper layer and its own scratch. */
static int make_layers(struct boot *boot, int upper, struct failure *f)
{
	if (mkdirat(upper, UPPER_RW, 0755) < 0 || mkdirat(upper, UPPER_WORK, 0755) < 0)
		return fail_errno(f, errno, "raise rootovl.size= or rootovl.inodes=",
				  "the upper's directories rw and work");
	boot->upper = openat(upper, UPPER_RW, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (boot->upper < 0)
		return fail_errno(f, errno, NULL, "the upper's directory rw");
	return 0;
}

static void report_upper(struct boot *boot, int upper)
{
	struct statvfs vfs;

	if (fstatvfs(upper, &vfs) < 0)
		return;
	report_set(boot->report, "upper", "what", "tmpfs");
	report_set_number(boot->report, "upper", "bytes", (uint64_t)vfs.f_blocks * vfs.f_frsize);
	report_set_number(boot->report, "upper", "inodes", vfs.f_files);
}

int step_mount_upper(struct boot *boot, const struct step *step, struct failure *f)
{
	auto_close int upper = -1;
	int r = file_make_dirs(step->upper.at);

	if (r < 0)
		return fail_errno(f, -r, NULL, "%s", step->upper.at);
	if (mount("rootovl", step->upper.at, "tmpfs", 0, step->upper.options) < 0)
		return fail_errno(f, errno,
				  "check rootovl.size= and rootovl.inodes=", "tmpfs on %s with %s",
				  step->upper.at, step->upper.options);
	boot->upper_mounted = true;
	upper = open(step->upper.at, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (upper < 0)
		return fail_errno(f, errno, NULL, "%s", step->upper.at);
	r = make_layers(boot, upper, f);
	if (r < 0)
		return r;
	report_upper(boot, upper);
	return newroot_open(boot->lower, boot->upper, &boot->newroot, f);
}

void undo_mount_upper(struct boot *boot, const struct step *step)
{
	newroot_close(boot->newroot);
	boot->newroot = NULL;
	if (boot->upper >= 0)
		close(steal_fd(&boot->upper));
	if (boot->upper_mounted)
		umount2(step->upper.at, MNT_DETACH);
	boot->upper_mounted = false;
	rmdir(step->upper.at);
}
