/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A folder of this host that a machine writes to. Root of the machine is root of what lies there:
 * a program with setuid, or the node of a disk, would give this host to any of its users that gets
 * at it. So other users are kept out of the folder until the machine has ended and such things are
 * gone.
 */
#pragma once

#include "src/common/failure.h"

#include <sys/types.h>

/* What the folder's mode is, and that we may change it. -EPERM: it belongs to another user. */
int shared_mode(const char *dir, mode_t *ret, struct failure *f);

/* Takes group and others out of the folder. */
int shared_close(const char *dir, mode_t mode, struct failure *f);

/*
 * After the last writer has ended: takes setuid, setgid and capabilities(7) from all files below,
 * removes devices, and gives the folder its mode back. Links are not followed, other file systems
 * not entered. Gives how many things it changed; or -errno, and the folder stays closed.
 */
int shared_open(const char *dir, mode_t mode);
