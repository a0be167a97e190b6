/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine whose server is dead must still reboot. With hard mounts everything that reads the root
 * then waits forever, systemd too when it starts the program that ends the machine. So the
 * initramfs leaves guards in the booted system: small processes, locked in memory, that need no
 * file of the root. systemd signals each when a shutdown of its kind begins; if the server is
 * silent for the next 20 s, the guard ends the machine by reboot(2).
 */
#pragma once

/*
 * Leaves the guards' units in /run/systemd/system, and their program, RUN_PROGRAM. The units also
 * order the targets of shutdown, so that systemd has them in memory and need not read them from the
 * root. Returns 0 or -errno.
 */
int guard_leave(void);
