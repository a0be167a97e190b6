/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `rootovl undo`, for rootovl.service: does what a boot that was killed left undone. */
#pragma once

#include "src/common/command.h"

extern const struct command command_undo;
