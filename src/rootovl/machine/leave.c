// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/machine/leave.h"

#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/rootovl/settings/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/sendfile.h>

#define PROGRAM "/usr/lib/rootovl/rootovl-report"

int leave_program(void)
{
	static const char part[] = RUN_PROGRAM ".part";
	auto_close int from = open(PROGRAM, O_RDONLY | O_CLOEXEC);
	auto_close int to = -1;
	ssize_t n;

	if (access(RUN_PROGRAM, F_OK) == 0)
		return 0;
	if (from < 0)
		return -errno;
	unlink(part);
	to = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	if (to < 0)
		return -errno;
	while ((n = sendfile(to, from, NULL, 1 << 20)) > 0)
		;
	return n < 0 || rename(part, RUN_PROGRAM) < 0 ? -errno : 0;
}

int leave_file(const char *dir, const char *name, const char *text)
{
	auto_free char *path = xasprintf("%s/%s", dir, name);
	int r = file_make_dirs(dir);

	return r < 0 ? r : file_write(AT_FDCWD, path, text, 0644);
}

int leave_text(const char *dir, const char *name, const char *text, struct failure *f)
{
	int r = leave_file(dir, name, text);

	return r < 0 ? fail_errno(f, -r, NULL, "%s/%s", dir, name) : 0;
}

int leave_wanted(const char *target, const char *unit, const char *name)
{
	auto_free char *dir = xasprintf(LEAVE_UNITS "/%s.wants", target);
	auto_free char *link = xasprintf("%s/%s", dir, name);
	auto_free char *to = xasprintf("../%s", unit);
	int r = file_make_dirs(dir);

	if (r < 0)
		return r;
	return symlink(to, link) < 0 && errno != EEXIST ? -errno : 0;
}

int leave_unit(const char *target, const char *name, const char *text)
{
	int r = leave_file(LEAVE_UNITS, name, text);

	return r < 0 ? r : leave_wanted(target, name, name);
}

void leave_no_unit(const char *target, const char *name)
{
	auto_free char *unit = xasprintf(LEAVE_UNITS "/%s", name);
	auto_free char *link = xasprintf(LEAVE_UNITS "/%s.wants/%s", target, name);

	unlink(link);
	unlink(unit);
}
