/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes sure that a machine can reboot after its server died. With hard mounts every read of the
 * root then waits forever, also when systemd starts the program that ends the machine. So the
 * initramfs leaves guards in the booted system: small processes, locked in memory, that need no
 * file of the root. systemd sends each guard a signal when its kind of shutdown begins. If the
 * server is silent for the next 20 s, the guard ends the machine by reboot(2).
 */
#pragma once

/*
 * Writes the units of the guards to /run/systemd/system, and their program to RUN_PROGRAM. The
 * units also order the shutdown targets. So systemd has these targets in memory, and need not read
 * them from the root. Returns 0 or -errno.
 */
int guard_leave(void);
