/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `rootovl boot`: from the kernel command line to a root on /sysroot. It runs once, in the
 * initramfs, as rootovl.service between the network's start and initrd-root-fs.target (bootup(7),
 * "Bootup in the initrd").
 */
#ifndef ROOTOVL_BOOT_H
#define ROOTOVL_BOOT_H

#include "src/common/command.h"
#include "src/rootovl/plan/plan.h"
#include "src/rootovl/report/report.h"

/*
 * Carries out a plan, step by step. If one fails, what was done is undone in reverse, *f says what
 * happened and -errno is returned: nothing is mounted then that was not mounted before. The report
 * gets every step.
 */
int boot_execute(const struct plan *plan, struct report *report, struct failure *f);

/* `rootovl boot`, and `rootovl undo`, which does what a boot that was killed left undone. */
extern const struct command command_boot, command_undo;

/*
 * The kernel command line of this machine: files of /etc/cmdline.d and /run/initramfs/cmdline.d,
 * then /proc/cmdline, so that what was typed at boot wins over what the image brought. Gives 0, or
 * -errno for the first that cannot be read; `cmdline` has the words of the others then.
 */
int boot_read_cmdline(struct cmdline *cmdline, struct failure *f);

/* `rootovl network`: ip= and the like become networkd's units. */
extern const struct command command_network;

/* `rootovl generator`: keeps systemd from mounting /sysroot itself, or waits for it. */
extern const struct command command_generator;

#endif
