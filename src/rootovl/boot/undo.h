/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a boot that failed leaves behind: nothing. */
#pragma once

#include "src/common/command.h"

/*
 * Takes back what a boot has made in this machine, however far it came: every mount below
 * /run/rootovl and our overlay, the NBD device of the root with its unit, and the empty
 * directories. It looks at what is there, and needs nothing of the process that made it. What was
 * written to disks, the report and the note that the payload was moved stay.
 */
void undo_boot(void);

/* `rootovl undo`, for rootovl.service: does what a boot that was killed left undone. */
extern const struct command command_undo;
