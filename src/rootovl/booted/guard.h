/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guard in the booted system; guard_leave.h says what for. */
#pragma once

#include "src/common/command.h"

/* `rootovl guard reboot|poweroff|halt|kexec`: one guard. */
extern const struct command command_guard;
