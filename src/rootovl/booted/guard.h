/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine whose server is dead must still reboot. With hard mounts everything that looks at the
 * root then waits without end, systemd too, the moment it starts the program that ends the machine.
 * So the initramfs leaves guards in the booted system: small processes, locked in memory, that need
 * nothing of the root. Each is told by systemd when a shutdown of its kind begins; if the server
 * does not answer for GUARD_SILENT_S from then on, it ends the machine by reboot(2).
 */
#ifndef ROOTOVL_GUARD_H
#define ROOTOVL_GUARD_H

#include "src/common/command.h"

#define GUARD_SILENT_S 20

/*
 * Leaves the guards' units in /run/systemd/system, and their program, which is rootovl-report, in
 * /run/rootovl. The units also order the targets of shutdown, so that systemd has them in memory
 * and need not read them from the root. Gives 0 or -errno.
 */
int guard_leave(void);

/* `rootovl guard reboot|poweroff|halt|kexec`: one guard. */
extern const struct command command_guard;

#endif
