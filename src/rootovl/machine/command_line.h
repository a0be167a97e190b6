/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "src/common/cmdline.h"
#include "src/common/failure.h"

/*
 * Reads the kernel command line of this machine: files of /etc/cmdline.d and
 * /run/initramfs/cmdline.d, then /proc/cmdline, so that what was typed at boot wins over what the
 * image brought. Returns 0, or -errno for the first that cannot be read; `cmdline` has the words of
 * the others then.
 */
int command_line_read(struct cmdline *cmdline, struct failure *f);
