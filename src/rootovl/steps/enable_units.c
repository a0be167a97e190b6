// SPDX-License-Identifier: GPL-2.0-or-later
/* The steps that write into the upper before the overlay is mounted. */
#include "src/rootovl/steps/steps.h"

#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/configure/fstab.h"
#include "src/rootovl/configure/network_hold.h"
#include "src/rootovl/configure/units.h"
#include "src/rootovl/machine/kernel_log.h"
#include "src/rootovl/settings/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/xattr.h>

/*
 * The kernel boots on with what it could unpack of a damaged initrd. Not a failure: with some boot
 * loaders and compressions it complains of what comes behind a whole one.
 */
static void warn_of_damage(struct boot *boot)
{
	auto_free char *said = kernel_log_find("Initramfs unpacking failed");
	auto_free char *text = NULL;

	if (!said)
		return;
	text = xasprintf("an initrd is damaged, files of the payload may be absent or cut short "
			 "(the kernel: %s)",
			 said);
	log_console(LOG_WARNING, "%s", text);
	report_add(boot->report, "warnings", text);
}

int step_copy(struct boot *boot, const struct step *step, struct failure *f)
{
	auto_close int source = open(boot->plan->source, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (source < 0)
		return fail_errno(f, errno, NULL, "%s", boot->plan->source);
	/* What was moved is gone, also for a second try in the emergency shell. */
	if (access(RUN_MOVED, F_OK) == 0)
		return fail(f, ESTALE, "boot again", "the payload was moved by a try that failed");
	if (file_write(AT_FDCWD, RUN_MOVED, "", 0644) < 0)
		return fail_errno(f, errno, NULL, RUN_MOVED);
	warn_of_damage(boot);
	return payload_copy(source, boot->newroot, &step->copy, &boot->copied, f);
}

int step_enable(struct boot *boot, const struct step *step, struct failure *f)
{
	for (char **unit = step->enable.units; *unit; unit++) {
		int r = step->enable.optional ? units_exists(boot->newroot, *unit) : 1;

		if (r < 0)
			return fail_errno(f, -r, "the server stopped answering?", "unit %s", *unit);
		if (r == 0) {
			log_line(LOG_NOTICE, "%s: neither the payload nor the root has it", *unit);
			continue;
		}
		r = units_enable(boot->newroot, *unit, f);
		if (r < 0)
			return r;
		report_add(boot->report, "units", *unit);
	}
	return 0;
}

int step_fstab(struct boot *boot, const struct step *step, struct failure *f)
{
	(void)step;
	return fstab_make_safe(boot->newroot, f);
}

/*
 * What systemd mounts over is the upper's alone: looking at /proc/… then asks no server, dead or
 * alive. A root without such a directory, or an upper that cannot say so, is left as it is.
 */
static void hide_mountpoints(const struct boot *boot)
{
	static const char *const names[] = { "dev", "proc", "run", "sys" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		auto_close int fd = -1;
		struct stat st;

		if (fstatat(boot->lower, names[i], &st, AT_SYMLINK_NOFOLLOW) < 0 ||
		    !S_ISDIR(st.st_mode) || mkdirat(boot->upper, names[i], 0700) < 0)
			continue;
		fd = openat(boot->upper, names[i], O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0 || fchown(fd, st.st_uid, st.st_gid) < 0 ||
		    fchmod(fd, st.st_mode & 07777) < 0 ||
		    fsetxattr(fd, "trusted.overlay.opaque", "y", 1, 0) < 0)
			unlinkat(boot->upper, names[i], AT_REMOVEDIR);
	}
}

/* Compass-CI's names of the layers, and a look whether the job that the boot is for is there. */
int step_names(struct boot *boot, const struct step *step, struct failure *f)
{
	struct stat st;
	int r;

	r = newroot_symlink(boot->newroot, RUN_LOWER, "/live/image", f);
	if (r == 0)
		r = newroot_symlink(boot->newroot, RUN_UPPER, "/live/cow", f);
	if (r == 0 && *boot->local)
		r = network_hold(boot->local, f);
	if (r < 0)
		return r;
	hide_mountpoints(boot);
	if (step->job && newroot_stat(boot->newroot, step->job, true, &st) < 0) {
		auto_free char *text =
			xasprintf("job=%s: neither the payload nor the root has it", step->job);

		log_console(LOG_WARNING, "%s", text);
		report_add(boot->report, "warnings", text);
	}
	return 0;
}
