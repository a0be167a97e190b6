// SPDX-License-Identifier: GPL-2.0-or-later
/* Removing the uppers of earlier boots, after the boot and not in its way. */
#include "upper.h"

#include "leave.h"
#include "paths.h"

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
	return leave_unit("multi-user.target", "rootovl-clean.service", unit);
}
