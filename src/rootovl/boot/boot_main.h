/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `rootovl boot`: from the kernel command line to a root on /sysroot. It runs once, in the
 * initramfs, as rootovl.service between the network's start and initrd-root-fs.target (bootup(7),
 * "Bootup in the initrd").
 */
#pragma once

#include "src/common/command.h"

extern const struct command command_boot;
