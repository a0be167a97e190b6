/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reverts the effects of a failed boot. */
#pragma once

#include "src/common/command.h"

/*
 * Reverts what a boot has done on this machine, at any point: every mount below /run/rootovl and
 * our overlay, the NBD device of the root with its unit, and the empty directories. It examines the
 * machine, and needs no data of the process that booted. Data on disks, the report, and the note
 * that the payload was moved stay.
 */
void undo_boot(void);

/* `rootovl undo`, for rootovl.service: reverts the effects of a boot that was killed. */
extern const struct command command_undo;
