// SPDX-License-Identifier: GPL-2.0-or-later
/* Removing the uppers of earlier boots, after the boot and not in its way. */
#include "upper.h"

#include "common/files.h"
#include "paths.h"

#include <errno.h>
#include <fcntl.h>

#define UNITS "/run/systemd/system"
#define NAME  "rootovl-clean.service"

/* rm(1) of the booted root: every root has one, and it follows no links. */
static const char unit[] =
	"# made by rootovl in the initramfs\n"
	"[Unit]\n"
	"Description=Remove the writable layers of earlier boots\n"
	"After=multi-user.target\n"
	"[Service]\n"
	"Type=exec\n"
	"Nice=19\n"
	"IOSchedulingClass=idle\n"
	"ExecStart=-/bin/rm -rf --one-file-system -- " RUN_DISK "/" DISK_OLD "\n";

int upper_leave_cleaner(void)
{
	int r = file_make_dirs(UNITS "/multi-user.target.wants");

	if (r == 0)
		r = file_write(AT_FDCWD, UNITS "/" NAME, unit, 0644);
	if (r == 0 && symlink("../" NAME, UNITS "/multi-user.target.wants/" NAME) < 0 &&
	    errno != EEXIST)
		r = -errno;
	return r;
}
