// SPDX-License-Identifier: GPL-2.0-or-later
/* What the initramfs leaves of the guards. */
#include "guard.h"

#include "common/files.h"
#include "common/mem.h"
#include "paths.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/sendfile.h>

#define UNITS	"/run/systemd/system"
#define WANTS	UNITS "/sysinit.target.wants"
#define PROGRAM "/usr/lib/rootovl/rootovl-report"
#define COPY	RUN_DIR "/guard"

/*
 * "@" in front of its own name: systemd's last round of signals passes it over
 * (https://systemd.io/ROOT_STORAGE_DAEMONS). Only SIGUSR1 means that the shutdown begins, and
 * nobody waits for the guard's end. The slice that instances get by themselves would be stopped at
 * every shutdown, and all of them with it.
 */
static const char unit[] = "# made by rootovl in the initramfs\n"
			   "[Unit]\n"
			   "Description=Sees that no dead server holds up the %i\n"
			   "DefaultDependencies=no\n"
			   "Conflicts=%i.target\n"
			   "IgnoreOnIsolate=yes\n"
			   "RefuseManualStop=yes\n"
			   "[Service]\n"
			   "Slice=system.slice\n"
			   "ExecStart=@" COPY " @rootovl-guard guard %i\n"
			   "WorkingDirectory=" RUN_DIR "\n"
			   "OOMScoreAdjust=-1000\n"
			   "KillSignal=SIGUSR1\n"
			   "SendSIGKILL=no\n"
			   "TimeoutStopSec=infinity\n";

/* The layers stay mounted to the end, for the root does: umount(8) would hang on a dead server. */
static const char mount_unit[] = "# made by rootovl in the initramfs\n"
				 "[Unit]\n"
				 "DefaultDependencies=no\n";

static int copy_program(void)
{
	auto_close int in = open(PROGRAM, O_RDONLY | O_CLOEXEC);
	auto_close int out = -1;
	ssize_t n;

	if (in < 0)
		return -errno;
	unlink(COPY);
	out = open(COPY, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
	if (out < 0)
		return -errno;
	while ((n = sendfile(out, in, NULL, 1 << 20)) > 0)
		;
	return n < 0 ? -errno : 0;
}

static int leave_in(const char *dir, const char *name, const char *text)
{
	auto_free char *path = xasprintf("%s/%s", dir, name);
	int r = file_make_dirs(dir);

	return r < 0 ? r : file_write(AT_FDCWD, path, text, 0644);
}

int guard_leave(void)
{
	static const char *const kinds[] = { "reboot", "poweroff", "halt", "kexec" };
	static const char *const mounts[] = { "lower", "upper", "disk" };
	int r = copy_program();

	if (r == 0)
		r = leave_in(UNITS, "rootovl-guard@.service", unit);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(mounts); i++) {
		auto_free char *dir = xasprintf(UNITS "/run-rootovl-%s.mount.d", mounts[i]);

		r = leave_in(dir, "rootovl.conf", mount_unit);
	}
	if (r == 0)
		r = file_make_dirs(WANTS);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(kinds); i++) {
		auto_free char *link = xasprintf(WANTS "/rootovl-guard@%s.service", kinds[i]);

		if (symlink("../rootovl-guard@.service", link) < 0 && errno != EEXIST)
			r = -errno;
	}
	return r;
}
