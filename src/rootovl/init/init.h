/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /init of a lean image, the first process of the machine: the short way to the root, or systemd in
 * its place. See docs/design/init.md.
 */
#pragma once

/*
 * `argv` is what the kernel gave it, and what the root's own init gets. Does not return: it becomes
 * systemd, or the root's init, or ends the machine.
 */
int init_run(char **argv) __attribute__((noreturn));
