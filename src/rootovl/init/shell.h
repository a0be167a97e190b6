/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shell of a boot that failed, on the console. */
#pragma once

/*
 * Runs it and waits for its end. Meanwhile SIGTERM to the first process reboots the machine,
 * SIGUSR2 powers it off, as busybox's init has it: systemctl(1) has nobody to ask.
 */
void shell_run(void);
