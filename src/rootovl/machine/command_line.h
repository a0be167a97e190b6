/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "src/common/cmdline.h"
#include "src/common/failure.h"

/*
 * Reads the kernel command line of this machine: the files of /etc/cmdline.d and
 * /run/initramfs/cmdline.d, then /proc/cmdline. So a parameter typed at boot overrides a parameter
 * of the image. Returns 0, or -errno for the first file that cannot be read. `cmdline` then has the
 * parameters of the other files.
 */
int command_line_read(struct cmdline *cmdline, struct failure *f);
