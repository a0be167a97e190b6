/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `rootovl generator`: keeps systemd from mounting /sysroot itself, or waits for it. */
#pragma once

#include "src/common/command.h"

extern const struct command command_generator;
